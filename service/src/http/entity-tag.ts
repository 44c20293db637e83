import { RequestError } from './request-error.js';

/** A revision or sequence as an entity tag. */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/**
 * The sequence that a poller already has, from `If-None-Match`; undefined when it names none of ours. Weak tags count: a proxy
 * that compresses makes ours weak.
 */
export function knownSequence(ifNoneMatch: string | undefined): number | undefined {
  const digits = /^\s*(?:W\/)?"(\d{1,15})(?:-gzip)?"\s*$/.exec(ifNoneMatch ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Holds a state change to the revision that the client has seen.
 * @throws RequestError `stale` when `If-Match` names another revision
 */
export function requireMatch(ifMatch: string, revision: number): void {
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.includes('*') || tags.includes(entityTag(revision))) return;
  throw new RequestError(
    'stale',
    `The deployment is at revision ${revision} now; read it again and decide anew.`,
    {
      errors: [
        {
          header: 'if-match',
          detail: `does not name revision ${revision}`,
          remedy: 'read the deployment again',
        },
      ],
    },
  );
}
