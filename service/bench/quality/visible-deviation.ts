import type { PreparedWindow } from '../../src/app/rehearse/prepare-window.js';
import { peerWindow } from './peer-window.js';
import type { Truth } from './labelled-case.js';

/** Standard deviations of the hour before. */
const THRESHOLD = 3;
const HOUR_MS = 3_600_000;
/** A spread from fewer values is none. */
const FEWEST_VALUES = 3;

/**
 * When the harm can first be seen: the beginning of the first interval since the labelled onset at which a metric of the treatment
 * lies more than three standard deviations from its mean over the hour before the change. Where the faulty metrics are known, only
 * they count. Uses labels, so it serves the scorer alone.
 *
 * @returns seconds since 1970; undefined where no interval of the watch is that far out
 */
export function visibleDeviation(window: PreparedWindow, truth: Truth): number | undefined {
  const { intervalMs, looks, metrics } = peerWindow(window);
  const hour = Math.max(FEWEST_VALUES, Math.round(HOUR_MS / intervalMs));
  const names = window.snapshot.metrics.map(({ rule }) => rule.name);
  const stepSeconds = intervalMs / 1000;
  const first = Math.max(0, Math.floor((truth.onsetSeconds - truth.changeAtSeconds) / stepSeconds));
  const known = truth.faultyMetrics ?? [];
  let earliest = looks;
  metrics.forEach(({ past, treatment }, index) => {
    if (known.length > 0 && !known.includes(names[index] ?? '')) return;
    const before = past.slice(-hour).filter((value) => Number.isFinite(value));
    if (before.length < FEWEST_VALUES) return;
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
    const spread = Math.sqrt(
      before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (before.length - 1),
    );
    const at = treatment.findIndex((value, k) => k >= first && Math.abs(value - mean) > THRESHOLD * spread);
    if (at >= 0) earliest = Math.min(earliest, at);
  });
  return earliest < looks ? truth.changeAtSeconds + earliest * stepSeconds : undefined;
}
