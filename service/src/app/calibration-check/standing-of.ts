import { binomialConfidenceSequence } from '@bellwether/models';
import type { CheckStanding, FreshCheck } from '../../domain/fresh-check.js';

/** Of the interval of the realised rate. */
const LEVEL = 0.95;
/** Fewer say nothing: two moments can lie in the same incident that nobody has told of. */
const FEWEST_JUDGED = 20;

/**
 * How often quiet moments were rolled back. Only those at the newest α count: at another one, another rate was promised. The interval
 * holds at every check at once as far as the moments are independent, which days with a weather of their own bend.
 *
 * @param checks of one place, newest first
 * @param alpha promised where nothing was checked yet
 */
export function standingOf(checks: readonly FreshCheck[], alpha: number): CheckStanding {
  const judgedAt = checks.filter(({ outcome }) => outcome === 'quiet' || outcome === 'rolled-back');
  const current = judgedAt[0]?.alpha ?? alpha;
  const counted = judgedAt.filter((check) => check.alpha === current);
  const rolledBack = counted.filter(({ outcome }) => outcome === 'rolled-back').length;
  const judged = counted.length;
  const { low, high } = binomialConfidenceSequence(rolledBack, judged, LEVEL);
  const newest = checks[0];
  return {
    alpha: current,
    judged,
    rolledBack,
    ...(judged === 0 ? {} : { rate: rolledBack / judged }),
    low,
    high,
    level: LEVEL,
    notJudged: checks.length - judgedAt.length,
    isOff: judged >= FEWEST_JUDGED && low > current,
    ...(newest === undefined ? {} : { newestAtMs: newest.checkedAtMs }),
  };
}
