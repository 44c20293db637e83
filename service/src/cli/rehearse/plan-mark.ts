import { createHash } from 'node:crypto';
import { ENGINE_VERSION } from '@bellwether/models';
import type { RehearsalPlan } from '../../app/rehearse/rehearsal-plan.js';
import type { PolicyOf } from './read-policies.js';

/** Enough to tell the plans of one person apart. */
const DIGITS = 16;

/**
 * Names all that verdicts depend on beside the windows: options, policies and the engine's version. Verdicts that carry the same mark
 * may stand in one file.
 *
 * @returns hexadecimal digits
 */
export function planMark(
  { policy, alpha, watchMs, intervalMs, learned }: RehearsalPlan,
  { policies }: PolicyOf,
): string {
  const terms = [
    ENGINE_VERSION,
    policy,
    alpha,
    watchMs,
    intervalMs,
    [...policies],
    ...(learned ? [learned] : []),
  ];
  return (
    createHash('sha256')
      // An option that was not given becomes null.
      .update(JSON.stringify(terms))
      .digest('hex')
      .slice(0, DIGITS)
  );
}
