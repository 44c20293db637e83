import { closestKey } from '../api/closest-key.js';

/** The sentence for a value that is none of the known ones; `what` says what it is not. */
export function unknownValue(value: string, what: string, known: readonly string[]): string {
  const closest = closestKey(value, known);
  const list = known.length === 0 ? 'none is configured' : `use one of ${known.join(', ')}`;
  return `"${value.slice(0, 100)}" is no ${what}; ${closest === undefined ? list : `did you mean "${closest}"?`}`;
}
