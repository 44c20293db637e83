import type { Arm } from '@bellwether/models';
import type { PeerWindow } from '@bellwether/models/peers';
import type { PreparedWindow } from '../../src/app/rehearse/prepare-window.js';

/** The same window that Bellwether judges, on the same grid, in the form that peers take: one line of values a metric and arm. */
export function peerWindow({ snapshot, upTo }: PreparedWindow): PeerWindow {
  const live = upTo(snapshot.plannedLooks);
  return {
    intervalMs: snapshot.intervalMs,
    looks: snapshot.plannedLooks,
    metrics: snapshot.metrics.flatMap(({ rule, treatment }, index) => {
      const arms = live[index];
      const past = lineOf(treatment);
      const after = arms === undefined ? undefined : lineOf(arms.treatment);
      if (past === undefined || after === undefined) return [];
      const control = arms?.control === undefined ? undefined : lineOf(arms.control);
      return [
        {
          kind: rule.kind,
          direction: rule.direction,
          past,
          treatment: after,
          ...(control === undefined ? {} : { control }),
        },
      ];
    }),
  };
}

/** Values, or the share of events; none of these methods takes a whole distribution. */
function lineOf(arm: Arm): Float64Array | undefined {
  if (arm.shape === 'gauge') return arm.values;
  if (arm.shape === 'ratio') return arm.events.map((events, k) => events / (arm.totals[k] ?? NaN));
  return undefined;
}
