import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFleet, type FleetPlan } from '../../bench/synthetic-fleet.js';
import { attribute } from './attribute.js';
import type { AttributionInput } from './attribution-contract.js';
import { seasonExpectation } from './season-expectation.js';

fc.configureGlobal({ seed: 20261123 });
const plan: FleetPlan = {
  services: 8,
  deployments: 4,
  phi: 0.5,
  shift: 0.4,
  declared: 0.5,
  cause: 'deployment',
};
const FLEETS = 60;
const fleets = (change: Partial<FleetPlan>, seed: number) =>
  Array.from({ length: FLEETS }, (_, i) => {
    const fleet = drawFleet({ ...plan, ...change }, seed + i);
    return { ...fleet, found: attribute(fleet.input) };
  });
const shareOf = <T>(items: readonly T[], hit: (item: T) => boolean): number =>
  items.filter(hit).length / items.length;

describe('attribute, over simulated fleets', () => {
  it.each([2, 4, 6])('names the culprit among %s concurrent deployments first', (deployments) => {
    const all = fleets({ deployments }, 1_000);
    expect(shareOf(all, ({ found, culprit }) => found.candidates[0]?.deployment === culprit)).toBeGreaterThan(
      0.75,
    );
  });

  it('says "this deployment" where it is alone and at fault', () => {
    const all = fleets({ deployments: 1 }, 2_000);
    expect(shareOf(all, ({ found, culprit }) => found.candidates[0]?.deployment === culprit)).toBeGreaterThan(
      0.85,
    );
    expect(shareOf(all, ({ found }) => found.onset?.beforeDeployment === true)).toBeLessThan(0.06);
  });

  it('says when the shift began before', () => {
    const all = fleets({ cause: 'before', deployments: 1 }, 3_000);
    expect(shareOf(all, ({ found }) => found.onset?.beforeDeployment === true)).toBeGreaterThan(0.88);
    expect(
      shareOf(
        all,
        ({ found, onset }) => (found.onset?.from ?? NaN) <= onset && onset <= (found.onset?.to ?? NaN),
      ),
    ).toBeGreaterThan(0.85);
  });

  it('sees a common cause, and seldom where there is none', () => {
    expect(
      shareOf(fleets({ cause: 'common' }, 4_000), ({ found }) => found.commonCause.likely),
    ).toBeGreaterThan(0.85);
    expect(shareOf(fleets({ cause: 'before' }, 5_000), ({ found }) => found.commonCause.likely)).toBeLessThan(
      0.05,
    );
  });
});

describe('attribute', () => {
  const { input } = drawFleet(plan, 7);

  it('gives the same bits again, also from what was stored', () => {
    const stored = JSON.parse(JSON.stringify(input)) as AttributionInput;
    expect(attribute(stored)).toEqual(attribute(input));
  });

  it('does not mind in which order neighbours and rivals come', () => {
    const turned = attribute({
      ...input,
      rivals: input.rivals.toReversed(),
      neighbours: input.neighbours.toReversed(),
    });
    const { candidates, ...rest } = attribute(input);
    const { candidates: others, ...same } = turned;
    expect(same).toEqual(rest);
    others.forEach((cause, i) => expect(cause.share).toBeCloseTo(candidates[i]?.share ?? NaN, 9));
  });

  it('tells the arms of a canary apart, and never that it began before', () => {
    const [metric] = input.metrics;
    if (metric === undefined) throw new Error('one metric was drawn');
    const change = Math.round((input.deployment.beganAtMs[0] ?? 0) / input.intervalMs);
    const control = metric.values;
    const values = control.map((value, k) => (k < change ? null : (value ?? 0) * 1.4 + (k % 3)));
    const found = attribute({ ...input, armsDiffer: true, metrics: [{ ...metric, values, control }] });
    expect(found.candidates[0]?.deployment).toBe(input.deployment.id);
    expect(found.onset).toMatchObject({ at: change, beforeDeployment: false });
  });

  it('has an answer for whatever comes', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.constantFrom(0, 1, -3, Infinity, NaN, 1e300, 1e-300),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    );
    const count = 40;
    const values = fc.oneof(
      fc.array(value, { minLength: count, maxLength: count }),
      fc.constantFrom(0, 5, -1).map((constant) => new Array<number>(count).fill(constant)),
      fc.constant(new Array<null>(count).fill(null)),
    );
    const direction = fc.constantFrom('up' as const, 'down' as const, 'both' as const);
    const kind = 'latency' as const;
    const began = fc.integer({ min: -50, max: 60 });
    fc.assert(
      fc.property(
        values,
        values,
        fc.option(values, { nil: undefined }),
        direction,
        began,
        (own, other, control, way, minute) => {
          const candidate = (service: string, at: number) => ({
            id: service,
            service,
            version: '1',
            beganAtMs: [at * 60_000],
            prior: 0.1,
          });
          const found = attribute({
            intervalMs: 60_000,
            startMs: 0,
            count,
            deployment: candidate('cart', minute),
            rivals: [candidate('mail', 20)],
            dependencies: [],
            metrics: [
              {
                name: 'm',
                kind,
                direction: way,
                weight: 1,
                values: own,
                ...(control === undefined ? {} : { control }),
              },
            ],
            neighbours: [{ service: 'mail', name: 'm', kind, direction: way, values: other }],
            armsDiffer: false,
          });
          const total = found.candidates.reduce((sum, { share }) => sum + share, 0);
          expect(found.candidates.length === 0 ? 1 : total).toBeCloseTo(1, 9);
          expect(found.candidates.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
          expect(found.sentence).not.toMatch(/NaN|undefined|Infinity/);
          expect(JSON.stringify(found)).not.toContain('null');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('says which input it cannot use', () => {
    expect(() => attribute({ ...input, count: 0 })).toThrow('at least one interval');
    expect(() => attribute({ ...input, deployment: { ...input.deployment, beganAtMs: [] } })).toThrow(
      'the instant at which it began',
    );
  });
});

describe('seasonExpectation', () => {
  const day = 100;
  const wave = (k: number): number => Math.round(50 * Math.sin((2 * Math.PI * k) / day));

  it('is the middle of earlier days, also beyond the end of the history', () => {
    const history = Float64Array.from({ length: 4 * day }, (_, k) => wave(k) + (k < day / 2 ? 500 : 0));
    const found = seasonExpectation(history, 3 * day + 50, 100, day) ?? new Float64Array();
    found.forEach((value, i) => expect(Math.abs(value - wave(50 + i))).toBeLessThan(6));
  });

  it('needs two days and a whole number of intervals a day', () => {
    expect(seasonExpectation(new Float64Array(150), 150, 10, day)).toBeUndefined();
    expect(seasonExpectation(new Float64Array(500), 400, 10, 99.5)).toBeUndefined();
  });
});
