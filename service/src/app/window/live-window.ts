import type { Deployment, Step } from '../../domain/deployment.js';
import type { Watch } from '../../domain/watch.js';
import type { MetricSource } from '../../sources/port.js';
import { createKnownEvents } from './known-events.js';
import { readMetric, type ReadMetric } from './read-metric.js';

/**
 * The metrics since the change, as a look sees them. Each look reads the whole window in the same way as a history is read, so that
 * live intervals and those of placebos are alike, an interval whose neighbouring samples came after its own look is completed for the
 * looks behind it, and a restart sees what an unbroken run sees. Looks that were written stay as they are, whatever comes late.
 */
export interface LiveWindow {
  /** One entry per metric, arms of length `look`. @throws SourceError that is retryable */
  upTo(look: number): Promise<readonly ReadMetric[]>;
}

export function openLiveWindow(
  source: MetricSource,
  deployment: Deployment,
  step: Step,
  watch: Watch,
): LiveWindow {
  const { policy } = deployment;
  const isKnown = createKnownEvents(source, deployment, watch.changeAtMs - policy.historyMs);

  return {
    async upTo(look) {
      const grid = { startMs: watch.changeAtMs, intervalMs: watch.intervalMs, count: look };
      // A look that is caught up on sees no more than it would have seen in time: what had settled, the last millisecond included.
      const untilMs = watch.changeAtMs + look * watch.intervalMs + watch.settleMs + 1;
      const metrics: ReadMetric[] = [];
      // One after the other: reads side by side would hold the event loop up together.
      for (const spec of policy.metrics)
        metrics.push(
          await readMetric({
            source,
            deployment,
            step,
            spec,
            grid,
            untilMs,
            isKnown: (events) => isKnown(events, untilMs),
          }),
        );
      return metrics;
    },
  };
}
