import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retractedIn, standingFeedback, truthOf, type Feedback } from './feedback.js';

const entry = (id: string, retracts?: string): Feedback => ({
  ...{ id, deploymentId: 'd-1', verdictId: 'v-1', actor: 'p-1', atMs: 0 },
  ...(retracts === undefined ? { judgement: 'right' } : { retracts }),
});
const idsOf = (entries: readonly Feedback[]) => entries.map(({ id }) => id);

describe('what still counts', () => {
  it('is what nobody took back, and what was brought back', () => {
    const all = [entry('a'), entry('b'), entry('c', 'a')];
    expect(idsOf(standingFeedback(all))).toEqual(['b']);
    expect(idsOf(standingFeedback([...all, entry('d', 'c')]))).toEqual(['a', 'b']);
    expect(idsOf(standingFeedback([...all, entry('d', 'c'), entry('e', 'd')]))).toEqual(['b']);
    expect(retractedIn(all)).toEqual(new Set(['a']));
  });

  it('is never a retraction, and only changes where one is added', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 12 }), (targets) => {
        const entries = targets.map((target, index) =>
          target < index ? entry(`e${index}`, `e${target}`) : entry(`e${index}`),
        );
        const standing = standingFeedback(entries);
        expect(standing.every(({ retracts }) => retracts === undefined)).toBe(true);
        expect(idsOf(standingFeedback([...entries, entry('new')]))).toEqual([...idsOf(standing), 'new']);
      }),
      { seed: 4 },
    );
  });
});

describe('truthOf', () => {
  it.each([
    ['right', 'rollback', 'harmful'],
    ['right', 'continue', 'harmless'],
    ['wrong', 'rollback', 'harmless'],
    ['wrong', 'continue', 'harmful'],
    ['false-rollback', 'rollback', 'harmless'],
    ['missed-harm', 'continue', 'harmful'],
    ['missed-harm', 'inconclusive', 'harmful'],
    ['right', 'inconclusive', undefined],
    ['wrong', 'pending', undefined],
    ['unsure', 'rollback', undefined],
    [undefined, 'rollback', undefined],
    ['right', undefined, undefined],
  ] as const)('%s of %s is %s', (judgement, value, truth) => {
    expect(truthOf(judgement, value)).toBe(truth);
  });
});
