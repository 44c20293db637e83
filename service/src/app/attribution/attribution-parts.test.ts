import { describe, expect, it } from 'vitest';
import type { VerdictAttribution } from '../../domain/attribution.js';
import type { Deployment } from '../../domain/deployment.js';
import type { Watch } from '../../domain/watch.js';
import { attribution as wire } from '../../api/attribution.js';
import { presentAttribution } from '../present-attribution.js';
import { armValues, coarser, storedValues } from './arm-values.js';
import { attributionGrid } from './attribution-grid.js';
import { objections } from './objections.js';

const found = (change: Partial<VerdictAttribution> = {}): VerdictAttribution => ({
  sentence: 'It is this deployment.',
  candidates: [
    {
      deployment: 'mine',
      service: 'cart',
      version: '2',
      share: 0.9,
      reasons: ['the shift began right after it'],
    },
    { share: 0.1, reasons: ['no other service could be compared'] },
  ],
  commonCause: { likely: false, services: 0, moved: [] },
  compared: { series: 0, servicesLeftOut: 0, deploymentsLeftOut: 0 },
  ...change,
});
const brakes = (attribution: VerdictAttribution) =>
  objections({ id: 'mine' }, attribution).map(({ brake }) => brake);

describe('objections', () => {
  it('are none where it is this deployment, or where nobody knows', () => {
    expect(brakes(found())).toEqual([]);
    expect(brakes(found({ candidates: [] }))).toEqual([]);
    expect(
      brakes(
        found({
          candidates: [
            { share: 0.9, reasons: [] },
            { deployment: 'mine', share: 0.1, reasons: [] },
          ],
        }),
      ),
    ).toEqual([]);
  });

  it.each([
    [0.7, 0.2, ['other-deployment']],
    [0.55, 0.1, []],
    [0.62, 0.35, []],
  ])('name another deployment with %s against %s: %j', (other, own, expected) => {
    const candidates = [
      {
        deployment: 'theirs',
        service: 'payments',
        version: '3',
        share: other,
        reasons: ['payments moved at the same time'],
      },
      { deployment: 'mine', service: 'cart', version: '2', share: own, reasons: [] },
    ];
    expect(brakes(found({ candidates }))).toEqual(expected);
  });

  it('name a shift that is older, and a common cause', () => {
    const onset = { atMs: 0, fromMs: 0, toMs: 1, level: 0.9, beforeDeployment: true };
    expect(brakes(found({ onset, commonCause: { likely: true, services: 3, moved: ['a', 'b'] } }))).toEqual([
      'common-cause',
      'began-before',
    ]);
  });
});

describe('attributionGrid', () => {
  const deployment = { startedAtMs: 1_000_000 } as Deployment;
  const watch = { changeAtMs: 1_000_000, intervalMs: 1_000 } as Watch;

  it('begins some time before the deployment and ends with the look', () => {
    expect(attributionGrid(deployment, watch, 10)).toEqual({
      startMs: 700_000,
      intervalMs: 1_000,
      count: 310,
      factor: 1,
    });
    const later = attributionGrid(deployment, { ...watch, changeAtMs: 1_050_000 }, 10);
    expect(later).toMatchObject({ startMs: 700_000, count: 360 });
  });

  it('grows coarser with a long watch, and keeps the change on an edge', () => {
    const grid = attributionGrid(deployment, watch, 1_440);
    expect(grid.count).toBeLessThanOrEqual(600);
    expect((watch.changeAtMs - grid.startMs) % grid.intervalMs).toBe(0);
  });
});

describe('values', () => {
  it('of any arm are one number an interval', () => {
    expect(armValues({ shape: 'gauge', values: Float64Array.of(1, NaN) })).toEqual(Float64Array.of(1, NaN));
    const ratio = {
      shape: 'ratio' as const,
      events: Float64Array.of(1, 0, 2),
      totals: Float64Array.of(4, 0, NaN),
    };
    expect(armValues(ratio)).toEqual(Float64Array.of(0.25, NaN, NaN));
    const counts = [Float64Array.of(1, 0), Float64Array.of(1, 0), Float64Array.of(2, 0)];
    const histogram = { shape: 'histogram' as const, upperBounds: Float64Array.of(1, 3, Infinity), counts };
    expect(armValues(histogram)).toEqual(Float64Array.of((0.5 + 2 + 6) / 4, NaN));
  });

  it('are averaged over gaps, and stored to six digits', () => {
    expect(coarser(Float64Array.of(1, NaN, 3, 5, 9), 2)).toEqual(Float64Array.of(1, 4));
    expect(storedValues(Float64Array.of(1.23456789, NaN, Infinity, 0))).toEqual([1.23457, null, null, 0]);
  });
});

describe('presentAttribution', () => {
  it('is as its schema says, with the likeliest first and no more names than fit', () => {
    const moved = Array.from({ length: 50 }, (_, i) => `s${i}`);
    const onset = { atMs: 0, fromMs: 0, toMs: 1, level: 0.9, beforeDeployment: false };
    const contrast = { metric: 'm', own: 1, others: 0, difference: 1, low: 0, high: 2, p: 0.1 };
    const shown = presentAttribution(
      found({ onset, commonCause: { likely: true, services: 60, moved, p: 0.01, contrast } }),
    );
    expect(wire.parse(shown)).toEqual(shown);
    expect(shown.likeliest).toEqual(shown.candidates[0]);
    expect(shown.commonCause.moved).toHaveLength(20);
  });
});
