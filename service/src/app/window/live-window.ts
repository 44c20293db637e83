import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import type { Watch } from '../../domain/watch.js';
import { sourceFor, type Sources } from '../source-for.js';
import { createKnownEvents } from './known-events.js';
import type { HistoryBounds } from './history-bounds.js';
import { createOutages, requiredFirst } from './outages.js';
import { readMetric, type ReadMetric } from './read-metric.js';

/**
 * The metrics since the change, as a look sees them. Each look reads the whole window in the same way as a history is read, so that
 * live intervals and those of placebos are alike, an interval whose neighbouring samples came after its own look is completed for the
 * looks behind it, and a restart sees what an unbroken run sees. Looks that were written stay as they are, whatever comes late.
 */
export interface LiveWindow {
  /** One entry per metric, arms of length `look`. @throws SourceError that is retryable */
  upTo(look: number, options?: LookOptions): Promise<readonly ReadMetric[]>;
}

interface LookOptions {
  readonly goOnWithoutOptional?: boolean;
  /** What the window is compared with: the bounds of its histograms. */
  readonly bounds?: HistoryBounds;
}

export function openLiveWindow(
  sources: Sources,
  deployment: Deployment,
  step: Step,
  watch: Watch,
): LiveWindow {
  const { policy, project } = deployment;
  const isKnown = createKnownEvents(deployment, watch.changeAtMs - policy.historyMs);
  const isAskedTogether = ({ signal }: MetricSpec): boolean => {
    const found = sourceFor(sources, signal.source, project);
    return found.kind === 'ok' && found.source.asksTogether === true;
  };

  return {
    async upTo(look, { goOnWithoutOptional = false, bounds } = {}) {
      const grid = { startMs: watch.changeAtMs, intervalMs: watch.intervalMs, count: look };
      // A look that is caught up on sees no more than it would have seen in time: what had settled, the last millisecond included.
      const untilMs = watch.changeAtMs + look * watch.intervalMs + watch.settleMs + 1;
      const outages = createOutages();
      const read = (spec: MetricSpec): Promise<ReadMetric> =>
        readMetric({
          sources,
          deployment,
          step,
          spec,
          grid,
          untilMs,
          isKnown: (source, events) => isKnown(source, events, untilMs),
          goOnWithoutOptional,
          outages,
          bounds: bounds?.get(spec.name) ?? [],
        });
      const together = new Map(
        policy.metrics.filter(isAskedTogether).map((spec) => [spec, read(spec)] as const),
      );
      // Whichever fails first is thrown below; the others must not count as unhandled until then.
      for (const reading of together.values()) reading.catch(() => undefined);
      const metrics = new Map<MetricSpec, ReadMetric>();
      // Of what this process does itself one after the other: reads side by side would hold the event loop up together.
      for (const spec of requiredFirst(policy.metrics))
        metrics.set(spec, await (together.get(spec) ?? read(spec)));
      return policy.metrics.flatMap((spec) => metrics.get(spec) ?? []);
    },
  };
}
