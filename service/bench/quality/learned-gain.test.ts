import { describe, expect, it } from 'vitest';
import { flippedLine, gainRows } from './gain-rows.js';
import { learnedGain } from './learned-gain.js';
import { OURS, OURS_LEARNED, type CaseOutcome, type MethodOutcome } from './outcome.js';

function said(isRollback: boolean, score: number): MethodOutcome {
  return {
    verdict: isRollback ? 'rollback' : 'continue',
    decidedAtSeconds: 660,
    score,
    probability: score,
    p: 1 - score,
  };
}

/** Twenty groups of a bad and a harmless case; the learned scorer finds the bad ones of some groups that the scans miss. */
function outcomes(foundWithout: number, foundWith: number): readonly CaseOutcome[] {
  return Array.from({ length: 40 }, (_, index): CaseOutcome => {
    const group = index >> 1;
    const isBad = index % 2 === 0;
    const truth = {
      set: 's',
      id: `c${index}`,
      group: `g${group}`,
      isBad,
      changeAtSeconds: 0,
      onsetSeconds: 60,
    };
    const method = (found: number): MethodOutcome =>
      isBad ? said(group < found, group < found ? 0.9 : 0.4) : said(false, 0.3);
    return { truth, methods: { [OURS]: method(foundWithout), [OURS_LEARNED]: method(foundWith) } };
  });
}

describe('learnedGain', () => {
  it('states the gain with an interval over groups, and what was flipped', () => {
    const gain = learnedGain('s', outcomes(10, 15));
    const recall = gain.gains.find(({ figure }) => figure === 'recall');
    expect(recall).toMatchObject({ without: 0.5, with: 0.75 });
    // 5 of 20 groups gained: a binomial share of a quarter.
    expect(recall?.low).toBeGreaterThan(0.02);
    expect(recall?.low).toBeLessThan(0.15);
    expect(recall?.high).toBeGreaterThan(0.35);
    expect(recall?.high).toBeLessThan(0.5);
    expect([gain.bad, gain.good]).toEqual([
      { onlyWith: 5, onlyWithout: 0 },
      { onlyWith: 0, onlyWithout: 0 },
    ]);
    expect(gainRows(gain)[1]).toEqual(['s', 'recall', '.500', '.750', expect.stringMatching(/^\+\.250 \[/u)]);
    expect(flippedLine(gain)).toContain('bad cases rolled back only with it 5, only without it 0');
  });

  it('is nothing where nothing differs, and says so where a figure cannot be told', () => {
    const none = learnedGain('s', outcomes(10, 10));
    for (const { low, high } of none.gains) expect([low, high]).toEqual([0, 0]);
    const good = outcomes(1, 2).filter(({ truth }) => !truth.isBad);
    const recall = learnedGain('s', good).gains.find(({ figure }) => figure === 'recall');
    expect(recall).toEqual({ figure: 'recall', without: null, with: null, low: null, high: null });
    expect(learnedGain('s', outcomes(3, 9))).toEqual(learnedGain('s', outcomes(3, 9)));
  });
});
