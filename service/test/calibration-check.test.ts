import { createRandom } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/api/policy.js';
import {
  createFreshCheckScheduler,
  type FreshCheckOptions,
} from '../src/app/calibration-check/fresh-check-scheduler.js';
import type { CheckStanding, FreshOutcome } from '../src/domain/fresh-check.js';
import type { Engine } from '../src/engine/port.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { aFreshCheck } from '../src/store/contract-tuning.test-suite.js';
import { ADMIN, assessment, createWorld, type World } from './world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const policy: Partial<PolicyInput> = {
  ...{ mode: 'recommend', interval: '1m', watch: '10m', settle: '1m', history: '12h', alpha: 0.1 },
};
const place = { project: 'default', service: 'cart', environment: 'prod' };

/** Request and error counters of the service, a sample a minute. */
function counters(world: World) {
  const random = createRandom(17);
  let [requests, errors, atMs] = [0, 0, world.nowMs() - 14 * HOUR];
  return async (untilMs: number, errorRatio = 0.01): Promise<void> => {
    const [timesMs, totals, failed]: [number[], number[], number[]] = [[], [], []];
    for (; atMs < untilMs; atMs += MINUTE) {
      const now = random.poisson(300);
      requests += now;
      errors += random.poisson(now * errorRatio);
      timesMs.push(atMs);
      totals.push(requests);
      failed.push(errors);
    }
    const of = (metric: string, values: readonly number[]) => ({
      ...{ project: 'default', metric, labels: { service: 'cart', version: 'v2' }, type: 'counter' as const },
      ...{ timesMs, values },
    });
    await world.useCases.pushSamples(ADMIN, [of('requests_total', totals), of('errors_total', failed)]);
  };
}

function schedulerOf(world: World, over: Partial<FreshCheckOptions> = {}) {
  const told: {
    readonly outcomes: string[];
    readonly standings: CheckStanding[];
    readonly gone: string[];
  } = { outcomes: [], standings: [], gone: [] };
  const scheduler = createFreshCheckScheduler(world.ctx, {
    everyMs: HOUR,
    openEngine: createInlineEngine,
    isBusy: () => false,
    random: () => 0.5,
    telemetry: {
      checked: (outcome) => void told.outcomes.push(outcome),
      stands: (_place, standing) => void told.standings.push(standing),
      gone: ({ service }) => void told.gone.push(service),
    },
    ...over,
  });
  return { scheduler, told };
}

/** An engine that says the same of every look, and counts how often it was opened and closed. */
function scripted(value: 'pending' | 'rollback' | 'inconclusive', change: object = {}) {
  const use = { opened: 0, closed: 0 };
  const summary = {
    guarantee: 'placebo',
    placebos: 9,
    effectivePlacebos: 9,
    historyMs: 1,
    reasons: [],
  } as const;
  const openEngine = (): Engine => {
    use.opened += 1;
    return {
      ...createInlineEngine(),
      calibrate: () => Promise.resolve(summary),
      assess: (_id, _live, look) => Promise.resolve(assessment(value, look, change)),
      release: () => undefined,
      close: () => Promise.resolve(void (use.closed += 1)),
    };
  };
  return { use, openEngine };
}

describe('checks on quiet moments', () => {
  it(
    'judge the service as a release is judged, an hour apart, and find what would be a false rollback',
    { timeout: 60_000 },
    async () => {
      const world = await createWorld({ policy });
      const push = counters(world);
      await push(world.nowMs());
      await world.start();
      const { scheduler, told } = schedulerOf(world);
      expect(await scheduler.sweep()).toBeUndefined();
      const results: (FreshOutcome | undefined)[] = [];
      for (const errorRatio of [0.01, 0.01, 0.01, 0.2]) {
        world.wait(2 * HOUR);
        // With the middle of the hour drawn, the moment lies 42 minutes ago: what harms begins within its watch.
        await push(world.nowMs() - 40 * MINUTE);
        await push(world.nowMs(), errorRatio);
        results.push(await scheduler.sweep());
        expect(await scheduler.sweep()).toBeUndefined();
      }
      expect(results).toEqual(['quiet', 'quiet', 'quiet', 'rolled-back']);
      expect(told.outcomes).toEqual(results);
      expect(told.standings.at(-1)).toMatchObject({ alpha: 0.1, judged: 4, rolledBack: 1, isOff: false });
      const checks = await world.store.freshChecks(place);
      expect(checks).toMatchObject([
        { outcome: 'rolled-back', guarantee: 'placebo', look: expect.any(Number) as number },
        ...[1, 2, 3].map(() => ({ outcome: 'quiet', guarantee: 'placebo' })),
      ]);
      const moments = checks.map(({ momentMs }) => momentMs);
      for (const [index, momentMs] of moments.entries())
        expect(momentMs - (moments[index + 1] ?? -Infinity)).toBeGreaterThanOrEqual(10 * MINUTE);
      // Nothing of it is a deployment.
      expect((await world.store.deployments({ project: 'default', limit: 9 })).items).toHaveLength(1);
      await world.store.close();
    },
  );

  it('say so in every verdict once the error rate does not hold, also after a restart, and no longer than that', async () => {
    const world = await createWorld({ policy });
    await world.start();
    const { openEngine, use } = scripted('rollback');
    const { scheduler, told } = schedulerOf(world, { openEngine });
    for (let n = 0; n < 20; n++) {
      world.wait(2 * HOUR);
      await scheduler.sweep();
    }
    expect(use).toEqual({ opened: 20, closed: 20 });
    expect(told.standings.at(-1)).toMatchObject({ judged: 20, rolledBack: 20, isOff: true });
    const audit = await world.store.audit({ limit: 99 });
    expect(audit.filter(({ action }) => action === 'calibration.off')).toHaveLength(1);
    const { id } = await world.start();
    await world.look(id, 'continue');
    const verdict = await world.store.latestVerdict(id);
    expect(verdict?.reasons.at(-1)).toMatchObject({
      code: 'calibration-off',
      text: expect.stringContaining('of 20 quiet moments at which nothing was deployed 20') as string,
    });
    expect(verdict?.value).toBe('continue');
    const again = schedulerOf(world);
    again.scheduler.start();
    await expect.poll(() => again.told.standings.at(-1)).toMatchObject({ judged: 20, isOff: true });
    await again.scheduler.stop();

    const well = schedulerOf(world, { openEngine: scripted('pending').openEngine });
    for (let n = 0; n < 230; n++) {
      world.wait(2 * HOUR);
      await well.scheduler.sweep();
    }
    expect(told.standings.length + well.told.standings.length).toBe(250);
    expect(well.told.standings.at(-1)?.isOff).toBe(false);
    const { id: later } = await world.start();
    await world.look(later, 'continue');
    expect((await world.store.latestVerdict(later))?.reasons.map(({ code }) => code)).toEqual(['test']);
    await world.store.close();
  });

  it('leave out what says nothing of the error rate', async () => {
    const world = await createWorld({ policy });
    await world.start();
    const expected: FreshOutcome[] = [];
    for (const [outcome, value, change] of [
      ['not-judged', 'inconclusive', { rule: 'not-enough-data' }],
      ['not-judged', 'pending', { guarantee: 'none' }],
      ['guard-rail', 'rollback', { rule: 'guard-rail', guarantee: 'guard-rail' }],
    ] as const) {
      world.wait(2 * HOUR);
      const { scheduler } = schedulerOf(world, scripted(value, change));
      expect(await scheduler.sweep()).toBe(outcome);
      expected.push(outcome);
    }
    const [view] = await world.useCases.viewCalibration(ADMIN, place);
    expect(view?.freshChecks).toMatchObject({ judged: 0, notJudged: expected.length });
    await world.store.close();
  });

  it('wait while a release is watched, while looks are late, and for their hour', async () => {
    const world = await createWorld({ policy });
    const { openEngine, use } = scripted('pending');
    let isBusy = true;
    const { scheduler } = schedulerOf(world, { openEngine, isBusy: () => isBusy });
    await world.start();
    world.wait(2 * HOUR);
    expect(await scheduler.sweep()).toBeUndefined();
    isBusy = false;
    expect(await scheduler.sweep()).toBe('quiet');
    await world.start();
    // Another service object, as after a restart: what is kept says when the next one is due.
    const restarted = schedulerOf(world, { openEngine });
    world.wait(61 * MINUTE);
    expect(await restarted.scheduler.sweep()).toBeUndefined();
    world.wait(2 * HOUR);
    expect(await restarted.scheduler.sweep()).toBe('quiet');
    expect(use.opened).toBe(2);
    await world.store.close();
  });

  it('forget how a service stood once it is deployed no more', async () => {
    const world = await createWorld({ policy });
    await world.start();
    await world.store.transaction((tx) => tx.insertFreshCheck(aFreshCheck(1, place)));
    const { scheduler, told } = schedulerOf(world);
    scheduler.start();
    await expect.poll(() => told.standings.length).toBe(1);
    await scheduler.sweep();
    expect(told.gone).toEqual([]);
    world.wait(91 * 24 * HOUR);
    await scheduler.sweep();
    await scheduler.sweep();
    expect(told.gone).toEqual(['cart']);
    await scheduler.stop();
    await world.store.close();
  });

  it('let everything else have its turn while a service that starts reads how they stand', async () => {
    const world = await createWorld({ policy });
    for (const service of ['a', 'b', 'c']) {
      await world.start({ service });
      await world.store.transaction((tx) => tx.insertFreshCheck(aFreshCheck(1, { ...place, service })));
    }
    let turn = 0;
    const turns = new Set<number>();
    const { scheduler } = schedulerOf(world, {
      telemetry: { checked: () => undefined, stands: () => void turns.add(turn), gone: () => undefined },
    });
    let handle = setImmediate(function again() {
      turn += 1;
      handle = setImmediate(again);
    });
    scheduler.start();
    await expect.poll(() => turns.size).toBe(3);
    clearImmediate(handle);
    await scheduler.stop();
    await world.store.close();
  });

  it('close their engine when a source fails, and are tried again later', async () => {
    const world = await createWorld({ policy });
    await world.start();
    world.wait(3 * HOUR);
    const use = { closed: 0 };
    const openEngine = (): Engine => ({
      ...createInlineEngine(),
      calibrate: () => Promise.reject(new Error('out of memory')),
      close: () => Promise.resolve(void (use.closed += 1)),
    });
    const { scheduler } = schedulerOf(world, { openEngine });
    await expect(scheduler.sweep()).rejects.toThrow('out of memory');
    expect([use.closed, await scheduler.sweep()]).toEqual([1, undefined]);
    expect(await world.store.freshChecks(place)).toEqual([]);
    world.wait(HOUR);
    await expect(scheduler.sweep()).rejects.toThrow('out of memory');
    await world.store.close();
  });
});
