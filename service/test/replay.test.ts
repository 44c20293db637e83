import {
  assess,
  assessAndExplain,
  calibrate,
  createRandom,
  SHIPPED_MODEL,
  type Arm,
  type LiveMetric,
} from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import { decodeSnapshot } from '../src/app/window/snapshot-codec.js';
import type { EncodedArm, Evidence } from '../src/domain/evidence.js';
import { gate } from '../src/domain/gate.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { createScorerLoader } from '../src/engine/load-scorer.js';
import { createWorld, type World } from './world.js';

const INTERVAL_MS = 60_000;
const LOOKS = 30;
const HISTORY = 3 * 1440;
const policy: Partial<PolicyInput> = {
  interval: '60s',
  watch: '30m',
  settle: '0s',
  history: '3d',
  mode: 'recommend',
  metrics: [
    {
      name: 'latency',
      kind: 'latency',
      unit: 's',
      signal: { type: 'gauge', series: { metric: 'latency', labels: { service: '{{service}}' } } },
    },
  ],
};

/** Three quiet days and half an hour that is `harm` slower from its fifth minute on. */
async function pushLatency(world: World, harm: number): Promise<void> {
  const random = createRandom(11);
  const fromMs = world.nowMs() - HISTORY * INTERVAL_MS;
  const timesMs = Array.from({ length: HISTORY + LOOKS }, (_, i) => fromMs + i * INTERVAL_MS);
  const values = timesMs.map(
    (_, i) => (i >= HISTORY + 5 ? 1 + harm : 1) * 0.1 * Math.exp(0.05 * random.normal()),
  );
  await world.store.samples.append([
    { project: 'default', metric: 'latency', labels: { service: 'cart' }, type: 'gauge', timesMs, values },
  ]);
}

const decode = (arm: EncodedArm): Arm =>
  arm.shape === 'gauge'
    ? { shape: 'gauge', values: floats(arm.values) }
    : { shape: 'ratio', events: floats(arm.events), totals: floats(arm.totals) };
const floats = (values: readonly (number | null)[] = []): Float64Array =>
  Float64Array.from(values, (x) => x ?? NaN);

/** Takes every look, with a fresh runner and engine before those at which the process is said to have died. */
async function run(harm: number, deaths: readonly number[], more: Partial<PolicyInput> = {}) {
  const world = await createWorld({ policy: { ...policy, ...more }, engine: createInlineEngine() });
  await pushLatency(world, harm);
  const { id } = await world.start();
  const deployment = await world.store.deployment(id);
  const [step] = await world.store.steps(id);
  if (!deployment || !step) throw new Error('nothing was started');
  let ctx = world.ctx;
  let runner: ReturnType<typeof createWatchRunner> | undefined;
  for (let look = 1; look <= LOOKS; look++) {
    const [watch] = await world.store.watches({ deploymentId: id, state: 'watching' });
    if (watch === undefined) break;
    if (runner === undefined || deaths.includes(look)) {
      ctx = { ...ctx, engine: createInlineEngine() };
      runner = createWatchRunner(ctx, deployment, step, watch);
      await runner.advance();
    }
    const result = await runner.advance();
    if (result === 'waiting') break;
    if (typeof result === 'object' && result.tail) runner = undefined;
  }
  const ticks = (
    await Promise.all((await world.store.watches({ deploymentId: id })).map((w) => world.store.ticks(w.id)))
  ).flat();
  return {
    world,
    ticks: ticks.map(({ look, value, p, peak }) => ({ look, value, p, peak })),
    verdict: await world.store.latestVerdict(id),
  };
}

const shipped = await createScorerLoader(undefined)(SHIPPED_MODEL);

describe('a watch over real science', () => {
  it.each([
    ['harmless', 0, 'continue', 'off'],
    ['harmful', 0.4, 'rollback', 'off'],
    ['harmful', 0.1, 'rollback', 'on'],
  ] as const)(
    'goes on after restarts as if nothing had happened: %s by %f, %s, learned scorer %s',
    { timeout: 60_000 },
    async (_name, harm, value, learnedScorer) => {
      const whole = await run(harm, [], { learnedScorer });
      const broken = await run(harm, [2, 3, 7, 8, 20], { learnedScorer });
      expect(whole.verdict?.value).toBe(value);
      expect(broken.ticks).toEqual(whole.ticks);
      expect(broken.ticks.map((t) => t.look)).toEqual(broken.ticks.map((_, i) => i + 1));
    },
  );

  it.each([
    ['off', undefined],
    ['on', shipped],
  ] as const)(
    'can be replayed from snapshot and evidence to the same bits, learned scorer %s',
    { timeout: 60_000 },
    async (learnedScorer, scorer) => {
      const { world, verdict } = await run(0.4, [], { learnedScorer });
      const bytes = await world.store.blob(verdict?.evidenceHash ?? '');
      const evidence = JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as Evidence;
      const snapshot = decodeSnapshot((await world.store.blob(evidence.snapshotHash)) ?? new Uint8Array());
      const live: LiveMetric[] = evidence.live.map((metric) => ({ treatment: decode(metric.treatment) }));
      const calibration = calibrate(snapshot, scorer);
      expect(evidence.calibration.learned?.model).toBe(scorer?.model);
      const again = assess(calibration, live, evidence.look, evidence.carriedIn, scorer);
      expect({ p: again.p, harm: again.harmProbability, carried: again.carried, value: again.value }).toEqual(
        {
          p: verdict?.p,
          harm: verdict?.harmProbability,
          carried: evidence.assessment.carried,
          value: 'rollback',
        },
      );
      const { explanation } = assessAndExplain(calibration, live, evidence.look, evidence.carriedIn, scorer);
      expect(explanation?.metrics.length).toBeGreaterThan(0);
      expect(verdict?.explanation).toEqual(explanation);
      expect(evidence.assessment.explanation).toEqual(explanation);
    },
  );

  it('can be replayed with the checks and the hold it stood under', { timeout: 60_000 }, async () => {
    const required = { name: 'smoke', onFailure: 'rollback' } as const;
    const { world, verdict } = await run(0, [], { requiredChecks: [required] });
    expect(verdict).toMatchObject({ value: 'pending', rule: 'awaiting-checks', look: LOOKS });
    const bytes = await world.store.blob(verdict?.evidenceHash ?? '');
    const evidence = JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as Evidence;
    const snapshot = decodeSnapshot((await world.store.blob(evidence.snapshotHash)) ?? new Uint8Array());
    const live: LiveMetric[] = evidence.live.map((metric) => ({ treatment: decode(metric.treatment) }));
    const again = assess(calibrate(snapshot), live, evidence.look, evidence.carriedIn);
    if (evidence.gate === undefined) throw new Error('the gate is not in the evidence');
    expect(gate(again.value, evidence.gate)).toMatchObject({ value: verdict?.value, rule: verdict?.rule });
    expect(again.value).toBe(verdict?.withheld?.value);
    const open = { ...evidence.gate, checks: [{ ...required, standing: 'passed' as const }] };
    expect(gate(again.value, open).value).toBe('continue');
  });
});
