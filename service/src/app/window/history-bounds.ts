import type { MetricHistory } from '@bellwether/models';

/** By the name of each metric that is a histogram: the bounds of its history, of both arms. */
export type HistoryBounds = ReadonlyMap<string, readonly number[]>;

/** The bounds that live histograms must be told apart at, for they are compared there. */
export function historyBounds(metrics: readonly MetricHistory[]): HistoryBounds {
  return new Map(
    metrics.flatMap(({ rule, treatment, control }): [string, readonly number[]][] => {
      const bounds = [treatment, control].flatMap((arm) =>
        arm?.shape === 'histogram' ? [...arm.upperBounds] : [],
      );
      return bounds.length === 0 ? [] : [[rule.name, bounds]];
    }),
  );
}
