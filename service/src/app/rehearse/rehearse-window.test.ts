import { describe, expect, it } from 'vitest';
import { createInlineEngine } from '../../engine/inline-engine.js';
import { decodeWindow } from './decode-window.js';
import { prepareWindow } from './prepare-window.js';
import type { RehearsalPlan } from './rehearsal-plan.js';
import { rehearseWindow } from './rehearse-window.js';
import { testWindow } from './test-window.js';
import { verdictLine, type VerdictLine } from './verdict-line.js';

async function rehearse(value: object, plan: RehearsalPlan = {}): Promise<VerdictLine> {
  const window = decodeWindow(value, () => undefined);
  const prepared = prepareWindow(window, plan);
  if ('reason' in prepared) throw new Error(prepared.reason.text);
  return verdictLine(window.id, await rehearseWindow(createInlineEngine(), 'w', prepared), prepared.snapshot);
}

describe('a rehearsal', () => {
  const harmed = testWindow({ metrics: 3, shift: 1.5, onset: 4 });

  it('finds harm, when, and in which metric', async () => {
    const line = await rehearse(harmed);
    expect(line).toMatchObject({
      id: 'w',
      verdict: 'rollback',
      guarantee: 'placebo',
      level: 0.95,
      plannedLooks: 30,
    });
    const look = ((line.decided_at ?? 0) - harmed.change_at) / 60;
    expect(look).toBe(line.looks);
    expect(look).toBeGreaterThan(4);
    expect(look).toBeLessThan(12);
    expect(line.metrics.map(({ name }) => name)[0]).toBe('m0');
    const [first] = line.metrics;
    expect(first?.effect).toBeGreaterThan(0.3);
    expect(first?.interval?.[0]).toBeLessThan(first?.effect ?? 0);
    expect(first?.interval?.[1]).toBeGreaterThan(first?.effect ?? 0);
    expect(line.metrics.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(1);
    expect(line.p).toBeLessThanOrEqual(0.05);
    expect(line.harmProbability).toBeGreaterThan(0.5);
  });

  it('is blind to what comes after the look that decides', async () => {
    const seen = await rehearse(harmed);
    const from = harmed.metrics[0]?.t.findIndex((t) => t >= (seen.decided_at ?? 0)) ?? 0;
    const metrics = harmed.metrics.map((metric) => ({
      ...metric,
      v: metric.v.map((value, k) => (k >= from ? 1e6 * k : value)),
    }));
    expect(await rehearse({ ...harmed, metrics })).toEqual(seen);
  });

  it('shows a look no more than has happened, in memory either', () => {
    const prepared = prepareWindow(
      decodeWindow(harmed, () => undefined),
      {},
    );
    if ('reason' in prepared) throw new Error(prepared.reason.text);
    for (const { treatment } of prepared.upTo(5))
      if (treatment.shape === 'gauge') expect(treatment.values.buffer.byteLength).toBe(5 * 8);
  });

  it('goes on after nothing happened, at the end of the watch', async () => {
    const line = await rehearse(testWindow({ metrics: 2 }));
    expect(line).toMatchObject({ verdict: 'continue', looks: 30 });
    expect(line.harmProbability).toBeLessThan(0.5);
  });

  it.each([
    ['nothing but nulls', (): null => null],
    ['a standstill after ten intervals', (v: number | null, k: number) => (k >= 1210 ? null : v)],
    ['three of four samples missing', (v: number | null, k: number) => (k >= 1200 && k % 4 !== 0 ? null : v)],
  ])('never says continue without data: %s', async (_what, change) => {
    const [metric] = testWindow().metrics;
    const metrics = [{ ...metric, v: metric?.v.map(change) }];
    const line = await rehearse({ ...testWindow(), metrics });
    expect(line.verdict).toBe('inconclusive');
    expect(line.metrics).toMatchObject([{ name: 'm0', effect: null, interval: null, contribution: 0 }]);
  });

  it.each([0, 1, 2, 5, 12])(
    'judges a past of %i intervals, and says that nothing vouches for it',
    async (history) => {
      const line = await rehearse(testWindow({ history }));
      expect(['continue', 'inconclusive']).toContain(line.verdict);
      expect(line.guarantee).not.toBe('placebo');
      expect(JSON.stringify(line)).not.toMatch(/NaN|Infinity/);
    },
  );

  it('leaves a constant metric alone', async () => {
    const [metric] = testWindow().metrics;
    const line = await rehearse({ ...testWindow(), metrics: [{ ...metric, v: metric?.v.map(() => 3) }] });
    expect(line.verdict).toBe('continue');
  });

  it('takes a harmful movement in either direction from a metric of unknown kind, and only the bad one from others', async () => {
    const verdicts = ['other', 'latency', 'traffic'].map(async (kind) => {
      const { verdict } = await rehearse(testWindow({ kind, shift: 0.5 }));
      return verdict;
    });
    expect(await Promise.all(verdicts)).toEqual(['rollback', 'continue', 'rollback']);
  });
});
