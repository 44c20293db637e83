import type { Region } from '../verdicts/region.js';

/** How the deployments of a service were judged. */
export interface VerdictTally {
  readonly service: string;
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
  /** From the change to the verdict, in seconds, of those that came to `continue` or `rollback`. */
  readonly secondsToVerdict: readonly number[];
}

/** One tally a service, by name. */
export function tallyVerdicts(regions: readonly Region[]): readonly VerdictTally[] {
  const services = [...new Set(regions.map(({ deployment }) => deployment.service))];
  return services
    .toSorted((a, b) => a.localeCompare(b))
    .map((service) => {
      const members = regions.filter(({ deployment }) => deployment.service === service);
      return {
        service,
        total: members.length,
        counts: countBy(members.map(({ verdict }) => verdict)),
        secondsToVerdict: members.flatMap(secondsToVerdictOf),
      };
    });
}

function countBy(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function secondsToVerdictOf({ fromMs, deployment }: Region): readonly number[] {
  const verdict = deployment.latestVerdict;
  if (verdict?.verdict !== 'continue' && verdict?.verdict !== 'rollback') return [];
  return [Math.max(0, (Date.parse(verdict.asOf) - fromMs) / 1_000)];
}

/** The middle value, in the unit of the values; undefined of none. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
