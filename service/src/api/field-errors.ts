import type { z } from 'zod';
import { closestKey } from './closest-key.js';

/** One thing wrong with a request or a configuration: where, what, and what to do about it. */
export interface FieldError {
  readonly path: readonly (string | number)[];
  readonly detail: string;
  readonly remedy?: string;
}

type Issue = z.core.$ZodIssue;

/** How what people wrote is parsed, so that a mistyped choice is told the closest one. */
export const FOR_PEOPLE = { reportInput: true } as const;

/** Everything that a failed parse found, one entry a field, in the order of the schema. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => flatten(issue, []));
}

/** RFC 6901 pointer of a path; the whole document is `''`. */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function flatten(issue: Issue, base: readonly (string | number)[]): FieldError[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, issue.message, path);
  if (issue.code === 'invalid_union') return unionErrors(issue, path);
  return [{ path, ...sentences(issue) }];
}

function unknownKeys(
  keys: readonly string[],
  message: string,
  path: readonly (string | number)[],
): FieldError[] {
  const lines = message.split('\n');
  return keys.map((key, index) => ({
    path: [...path, key],
    ...splitRemedy(lines[index] ?? `unknown field "${key}"`),
  }));
}

/** Of a union, the branch that the value was meant for: the one that got furthest into it. */
function unionErrors(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: readonly (string | number)[],
): FieldError[] {
  const branches = issue.errors.filter(
    (branch) => !branch.some((one) => one.path.length === 0 && isWrongType(one)),
  );
  const meant = branches[0];
  if (meant === undefined) return [{ path, ...splitRemedy(issue.message) }];
  return meant.flatMap((one) => flatten(one, path));
}

function isWrongType(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function sentences(issue: Issue): Pick<FieldError, 'detail' | 'remedy'> {
  if (!ZODS_OWN.test(issue.message)) return splitRemedy(issue.message);
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue);
    case 'too_small':
      return outOfBounds(issue.origin, 'at least', issue.minimum, issue.inclusive);
    case 'too_big':
      return outOfBounds(issue.origin, 'at most', issue.maximum, issue.inclusive);
    case 'invalid_value':
      return { detail: 'is not one of the known values', remedy: choiceRemedy(issue) };
    case 'invalid_format':
    case 'custom':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return splitRemedy(issue.message);
  }
}

/** What was written is known where the parse was asked to report its input. */
function choiceRemedy({ values, input }: Extract<Issue, { code: 'invalid_value' }>): string {
  const known = values.map(String);
  const closest = typeof input === 'string' ? closestKey(input, known) : undefined;
  const all = known.join(', ');
  return closest === undefined ? `use one of ${all}` : `did you mean "${closest}"? known are ${all}`;
}

/** Messages that a schema of ours did not word. */
const ZODS_OWN = /^(Invalid|Too) /;

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>): Pick<FieldError, 'detail' | 'remedy'> {
  const received = /received (\S+)$/.exec(issue.message)?.[1] ?? 'undefined';
  if (received === 'undefined') return { detail: 'is missing', remedy: `give ${article(issue.expected)}` };
  return {
    detail: `must be ${article(issue.expected)}, not ${article(received)}`,
    remedy: `give ${article(issue.expected)}`,
  };
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  if (/^(null|NaN|Infinity|undefined)$/.test(type)) return type;
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

const entries = { singular: 'entry', plural: 'entries' };
const sizes: Readonly<Record<string, { readonly singular: string; readonly plural: string }>> = {
  string: { singular: 'character', plural: 'characters' },
  array: entries,
  tuple: entries,
  record: entries,
};

function outOfBounds(
  origin: string,
  side: string,
  bound: number | bigint,
  inclusive = true,
): Pick<FieldError, 'detail' | 'remedy'> {
  const unit = sizes[origin];
  if (unit !== undefined) {
    const phrase = `${side} ${bound} ${Number(bound) === 1 ? unit.singular : unit.plural}`;
    return { detail: `must have ${phrase}`, remedy: `give ${phrase}` };
  }
  const strict = side === 'at least' ? 'more than' : 'less than';
  const phrase = `${inclusive ? side : strict} ${bound}`;
  return { detail: `must be ${phrase}`, remedy: `give a number of ${phrase}` };
}

/** Messages of ours are `detail; remedy`. */
function splitRemedy(message: string): Pick<FieldError, 'detail' | 'remedy'> {
  const at = message.indexOf('; ');
  return at < 0 ? { detail: message } : { detail: message.slice(0, at), remedy: message.slice(at + 2) };
}
