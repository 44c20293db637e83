import type { Effect } from '../contract.js';
import { formatSize } from '../verdict/format-value.js';
import { spanText } from './span-text.js';

/** A metric that moved. */
export interface Movement {
  readonly metric: string;
  readonly unit: string;
  readonly effect: Effect;
  /** Of a histogram: the quantile, in (0, 1), that moved. */
  readonly quantile?: number;
  /** Time from the change to the onset, where one is known. */
  readonly onsetMs?: number;
  /** Names of the views it was compared with, joined by "+". */
  readonly baseline?: string;
}

/** Beyond ten times as much, per cent are no help; the difference says it. */
const LARGEST_PERCENT = 10;

/** "rose by 32 ms (15 %)", "did not move" when nothing can be said; verbs that fit one and many. */
export function sizeText({ effect, unit }: Movement): string {
  const { absolute, relative } = effect;
  if (!Number.isFinite(absolute) || absolute === 0) return 'did not move';
  const share = Math.abs(relative);
  const percent = share < 0.0995 ? (100 * share).toFixed(1) : String(Math.round(100 * share));
  const inPercent = Number.isFinite(relative) && share < LARGEST_PERCENT ? ` (${percent} %)` : '';
  return `${absolute > 0 ? 'rose' : 'fell'} by ${formatSize(absolute, unit)}${inPercent}`;
}

/** What a metric was compared with. */
export function againstText(baseline: string | undefined): string {
  const views = new Set((baseline ?? '').split('+'));
  if (views.has('control')) return 'where the old version runs';
  if (views.has('season')) return 'the usual at this time';
  return views.has('level') ? 'just before' : 'before';
}

/** "from the release on", "from 3 min after the release on". */
export function sinceText({ onsetMs }: Movement): string {
  return onsetMs === undefined || onsetMs <= 0
    ? 'from the release on'
    : `from ${spanText(onsetMs)} after the release on`;
}

/** "latency", "latency (p99)" where it is a quantile that moved. */
function subjectText({ metric, quantile }: Movement): string {
  if (quantile === undefined) return metric;
  const percent = 100 * quantile;
  const digits = percent < 1 || percent > 99 ? 2 : 0;
  return `${metric} (p${Number(percent.toFixed(digits))})`;
}

/** "latency rose by 32 ms (15 %) against just before, from 3 min after the release on", without a full stop. */
export function movementText(movement: Movement): string {
  return `${subjectText(movement)} ${sizeText(movement)} against ${againstText(movement.baseline)}, ${sinceText(movement)}`;
}

/** The parameters that such a clause is made of. */
export function movementParameters(movement: Movement) {
  const { metric, unit, effect, quantile, onsetMs, baseline } = movement;
  return {
    metric,
    unit,
    absolute: effect.absolute,
    relative: effect.relative,
    ...(quantile === undefined ? {} : { quantile }),
    onsetMs,
    baseline,
  };
}
