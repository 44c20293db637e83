import { SourceError } from '../../port.js';
import { hasControlCharacter } from '../template.js';
import { quoteIdentifier, quoteString } from './quote.js';

/** What nanoseconds in 64 bits reach, in milliseconds. */
const REACH_MS = 9_223_372_036_854;

export interface Where {
  /** `''` matches series without that tag. */
  readonly tags: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Conditions on tags; undefined when there is none. @throws SourceError `bad-query` for a control character */
export function tagConditions(tags: Where['tags']): string | undefined {
  const conditions = Object.entries(tags).map(([name, value]) => {
    if (hasControlCharacter(name + value))
      throw new SourceError(
        'bad-query',
        `the label ${JSON.stringify(name)} holds a control character`,
        false,
      );
    return `${quoteIdentifier(name)} = ${quoteString(value)}`;
  });
  return conditions.length === 0 ? undefined : conditions.join(' AND ');
}

/** `WHERE …` for points in `[fromMs, toMs)`. @throws SourceError `bad-query` */
export function where({ tags, fromMs, toMs }: Where): string {
  const clamp = (ms: number) => Math.max(-REACH_MS, Math.min(REACH_MS, Math.ceil(ms)));
  const conditions = tagConditions(tags);
  const range = `time >= ${clamp(fromMs)}ms AND time < ${clamp(toMs)}ms`;
  return `WHERE ${range}${conditions === undefined ? '' : ` AND ${conditions}`}`;
}
