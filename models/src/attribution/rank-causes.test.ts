import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CandidateDeployment } from './attribution-contract.js';
import { delayProbability } from './delay-probability.js';
import { rankCauses } from './rank-causes.js';
import type { RankingEvidence } from './ranking-evidence.js';
import { serviceGraph } from './service-graph.js';
import { timeWords } from './time-words.js';

const { cases } = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/delay-probability.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly {
    readonly beganAt: readonly number[];
    readonly count: number;
    readonly intervalMs: number;
    readonly probability: readonly number[];
  }[];
};

const MINUTE_MS = 60_000;
const COUNT = 60;
const candidate = (
  service: string,
  atMinute: number,
  change: Partial<CandidateDeployment> = {},
): CandidateDeployment => ({
  id: `d-${service}`,
  service,
  version: '2',
  beganAtMs: [atMinute * MINUTE_MS],
  prior: 0.1,
  ...change,
});
const at = (index: number): Float64Array => new Float64Array(COUNT).map((_, k) => (k === index ? 1 : 0));
function evidence(change: Partial<RankingEvidence> = {}): RankingEvidence {
  return {
    intervalMs: MINUTE_MS,
    startMs: 0,
    judged: candidate('cart', 30),
    rivals: [],
    onset: at(30),
    places: COUNT,
    onsets: new Map(),
    moved: new Map([['cart', true]]),
    sizes: new Map(),
    graph: serviceGraph([]),
    armsDiffer: false,
    ...change,
  };
}
const share = (found: ReturnType<typeof rankCauses>, deployment?: string): number =>
  found.find((cause) => cause.deployment === deployment)?.share ?? NaN;

describe('delayProbability', () => {
  it.each(cases)(
    'matches a mixture of scipy’s exponentials (%#)',
    ({ beganAt, count, intervalMs, probability }) => {
      const found = delayProbability(beganAt, count, intervalMs);
      probability.forEach((p, k) => expect(found[k]).toBeCloseTo(p, 12));
    },
  );
});

describe('rankCauses', () => {
  it('gives shares that add up to 1, best first', () => {
    const found = rankCauses(evidence({ rivals: [candidate('mail', 29), candidate('search', 12)] }));
    expect(found).toHaveLength(4);
    expect(found.reduce((sum, cause) => sum + cause.share, 0)).toBeCloseTo(1, 12);
    expect(found.map((cause) => cause.share)).toEqual(
      found.map((cause) => cause.share).sort((a, b) => b - a),
    );
  });

  it('blames the deployment that the shift follows, and something else when it came before', () => {
    expect(share(rankCauses(evidence()), 'd-cart')).toBeGreaterThan(0.9);
    const before = rankCauses(evidence({ onset: at(20) }));
    expect(share(before)).toBeGreaterThan(0.9);
    const [first] = before.find(({ deployment }) => deployment === 'd-cart')?.reasons ?? [];
    expect(first).toBe('it began 10 min after the shift');
  });

  it('blames less the longer ago it was', () => {
    const shares = [30, 25, 20, 5].map((began) =>
      share(rankCauses(evidence({ judged: candidate('cart', began) })), 'd-cart'),
    );
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });

  it('goes by which services moved and who calls whom', () => {
    const rivals = [candidate('payments', 30)];
    const graph = serviceGraph([
      { service: 'cart', on: ['gateway'] },
      { service: 'gateway', on: ['payments', 'cart'] },
    ]);
    const both = new Map([
      ['cart', true],
      ['payments', true],
    ]);
    const alone = new Map([
      ['cart', true],
      ['payments', false],
    ]);
    expect(share(rankCauses(evidence({ rivals, graph, moved: both })), 'd-payments')).toBeGreaterThan(0.7);
    expect(share(rankCauses(evidence({ rivals, graph, moved: alone })), 'd-payments')).toBeLessThan(0.1);
    const apart = serviceGraph([{ service: 'cart', on: ['gateway'] }]);
    const [best] = rankCauses(evidence({ rivals, graph: apart, moved: alone }));
    expect(best?.deployment).toBe('d-cart');
  });

  it('takes the one that moved farther and first for the source', () => {
    const rivals = [candidate('payments', 30)];
    const moved = new Map([
      ['cart', true],
      ['payments', true],
    ]);
    const sizes = (cart: number, payments: number) =>
      new Map([
        ['cart', cart],
        ['payments', payments],
      ]);
    const far = share(rankCauses(evidence({ rivals, moved, sizes: sizes(4, 16) })), 'd-payments');
    const near = share(rankCauses(evidence({ rivals, moved, sizes: sizes(16, 4) })), 'd-payments');
    expect(far).toBeGreaterThan(2 * near);
    const first = share(
      rankCauses(evidence({ rivals, moved, onset: at(33), onsets: new Map([['payments', at(30)]]) })),
      'd-payments',
    );
    const last = share(
      rankCauses(evidence({ rivals, moved, onset: at(30), onsets: new Map([['payments', at(33)]]) })),
      'd-payments',
    );
    expect(first).toBeGreaterThan(2 * last);
  });

  it('clears what was taken back before, and what cannot make two versions differ', () => {
    const rival = candidate('payments', 30);
    const open = share(rankCauses(evidence({ rivals: [rival] })), 'd-payments');
    const undone = share(
      rankCauses(evidence({ rivals: [{ ...rival, undoneAtMs: 29 * MINUTE_MS }] })),
      'd-payments',
    );
    expect(undone).toBeLessThan(0.2 * open);
    const arms = rankCauses(
      evidence({
        rivals: [rival],
        armsDiffer: true,
        moved: new Map([
          ['cart', true],
          ['payments', true],
        ]),
      }),
    );
    expect(share(arms, 'd-cart')).toBeGreaterThan(0.85);
  });
});

describe('serviceGraph', () => {
  it('follows declared calls, circles included, and does not know what is not declared', () => {
    const graph = serviceGraph([
      { service: 'a', on: ['b'] },
      { service: 'b', on: ['c', 'a'] },
    ]);
    expect([
      graph.calls('a', 'c'),
      graph.calls('b', 'b'),
      graph.calls('a', 'x'),
      graph.calls('c', 'a'),
    ]).toEqual(['yes', 'yes', 'no', 'unknown']);
  });
});

describe('timeWords', () => {
  it.each([
    [0, '0 ms'],
    [40_000, '40 s'],
    [90_000, '1 min 30 s'],
    [240_000, '4 min'],
    [1_230_000, '21 min'],
    [-5_400_000, '1 h 30 min'],
  ])('%s ms is %s', (ms, words) => expect(timeWords(ms)).toBe(words));
});
