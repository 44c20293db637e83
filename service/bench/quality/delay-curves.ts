import type { CaseOutcome } from './outcome.js';

/** How many bad cases a method had found by a time since the onset. */
export interface DelayCurve {
  readonly name: string;
  /** Minutes since the onset at which one more was found, ascending; 0 for what was decided before. */
  readonly minutes: readonly number[];
  readonly bad: number;
}

/** @param names of methods */
export function delayCurves(
  outcomes: readonly CaseOutcome[],
  names: readonly string[],
): readonly DelayCurve[] {
  const bad = outcomes.filter(({ truth }) => truth.isBad);
  return names.map((name) => ({
    name,
    bad: bad.length,
    minutes: bad
      .flatMap(({ truth, methods }) => {
        const said = methods[name];
        if (said?.verdict !== 'rollback' || said.decidedAtSeconds === null) return [];
        return [Math.max(0, (said.decidedAtSeconds - truth.onsetSeconds) / 60)];
      })
      .sort((a, b) => a - b),
  }));
}
