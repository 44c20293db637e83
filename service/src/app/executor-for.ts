/** What an executor is good for; `*` in a field stands for everything. */
export interface ExecutorScope {
  readonly project: string;
  readonly service: string;
  readonly environment: string;
}

/** Whether an executor of the configuration may roll back at a place; otherwise why not, and what to do. */
export function executorFor(
  executors: ReadonlyMap<string, ExecutorScope>,
  name: string,
  place: ExecutorScope,
): { readonly kind: 'ok' } | { readonly kind: 'unusable'; readonly reason: string; readonly remedy: string } {
  const scope = executors.get(name);
  if (scope === undefined)
    return {
      kind: 'unusable',
      reason: `the executor "${name}" is not configured on this server`,
      remedy: 'add it to "executors" in the server configuration, or name one that is there',
    };
  const beyond = (['project', 'service', 'environment'] as const).find(
    (field) => scope[field] !== '*' && scope[field] !== place[field],
  );
  if (beyond === undefined) return { kind: 'ok' };
  return {
    kind: 'unusable',
    reason: `the executor "${name}" is for the ${beyond} "${scope[beyond]}", not for "${place[beyond]}"`,
    remedy: `name an executor that is for this ${beyond}, or widen this one's "${beyond}" in the server configuration`,
  };
}
