import { describe, expect, it } from 'vitest';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import { createWatchScheduler } from '../src/app/evaluate/watch-scheduler.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { SourceError, type MetricSource } from '../src/sources/port.js';
import { createPushSource } from '../src/sources/push/source.js';
import { eventually } from './eventually.js';
import { errorPolicy } from './traffic.js';
import { ADMIN, createWorld, type World } from './world.js';

const [errorRatio] = errorPolicy().metrics;
const saturation = (missing: 'required' | 'optional') => ({
  name: 'pool',
  kind: 'saturation' as const,
  missing,
  signal: { type: 'gauge' as const, source: 'prom', query: 'max(pool)' },
});

/** A watch of which one metric comes from a source that may be down. */
async function watchOf(
  missing: 'required' | 'optional',
  options: { readonly isDown: () => boolean; readonly onAsked?: (world: World) => void },
) {
  const begun: World[] = [];
  const prom: MetricSource = {
    name: 'prom',
    fetch: () => Promise.resolve([]),
    evaluate: () => {
      for (const one of begun) options.onAsked?.(one);
      return options.isDown()
        ? Promise.reject(new SourceError('unavailable', 'source "prom": no connection', true))
        : Promise.resolve([]);
    },
  };
  const world = await createWorld({
    policy: { mode: 'recommend', metrics: [errorRatio, saturation(missing)] as never },
    engine: createInlineEngine(),
    sources: (store) =>
      new Map([
        ['push', { source: createPushSource(store.samples), project: '*' }],
        ['prom', { source: prom, project: '*' }],
      ]),
  });
  begun.push(world);
  const { id } = await world.start();
  world.wait(10_000);
  const telemetry = { looked: () => undefined, failed: () => undefined };
  return { world, id, scheduler: createWatchScheduler(world.ctx, telemetry) };
}
const looksOf = async (world: World, id: string): Promise<number> => {
  const [watch] = await world.store.watches({ deploymentId: id });
  return watch?.lastLook ?? 0;
};

describe('a source that does not answer', () => {
  it('is named in the verdict that waits for it, and forgotten when it is back', async () => {
    let isDown = true;
    const { world, id, scheduler } = await watchOf('required', { isDown: () => isDown });
    await scheduler.start();
    const shown = await eventually('the trouble in the verdict', async () => {
      const { value, stillNeeded } = await world.useCases.currentVerdict(ADMIN, id);
      return stillNeeded.find(({ code }) => code === 'look-failing') && { value, stillNeeded };
    });
    expect(shown).toMatchObject({
      value: 'pending',
      stillNeeded: [
        {
          code: 'look-failing',
          text: expect.stringMatching(
            /can't be taken since 2026-.*tried again: source "prom": no connection/,
          ) as string,
        },
        { code: 'first-look' },
      ],
    });
    expect(await looksOf(world, id)).toBe(0);
    isDown = false;
    await eventually('a look', async () => ((await looksOf(world, id)) > 0 ? true : undefined));
    await scheduler.stop();
    const { stillNeeded } = await world.useCases.currentVerdict(ADMIN, id);
    expect(stillNeeded.map(({ code }) => code)).not.toContain('look-failing');
  });

  it('is waited for anew once it has answered for a history', async () => {
    let isDown = true;
    const { world, id } = await watchOf('optional', { isDown: () => isDown });
    const deployment = await world.store.deployment(id);
    const [step] = await world.store.steps(id);
    const [watch] = await world.store.watches({ deploymentId: id });
    if (!deployment || !step || !watch) throw new Error('nothing was started');
    const runner = createWatchRunner(world.ctx, deployment, step, watch);
    await expect(runner.advance()).rejects.toThrow('no connection');
    isDown = false;
    expect(await runner.advance()).toBe('prepared');
    world.wait(40_000);
    isDown = true;
    await expect(runner.advance()).rejects.toThrow('no connection');
    world.wait(40_000);
    expect(await runner.advance()).toMatchObject({ watch: { lastLook: 1 } });
  });

  it('holds an optional metric up for half a minute and no longer; the verdict says which and why', async () => {
    // Each question takes a while, so that the watch's clock comes past what it waits.
    const { world, id, scheduler } = await watchOf('optional', {
      isDown: () => true,
      onAsked: ({ wait }) => void wait(16_000),
    });
    await scheduler.start();
    await eventually('the end of the watch', async () =>
      (await world.store.watches({ deploymentId: id, state: 'watching' })).length === 0 ? true : undefined,
    );
    await scheduler.stop();
    const verdict = await world.store.latestVerdict(id);
    expect(verdict?.findings.find(({ name }) => name === 'pool')).toMatchObject({
      status: 'insufficient',
      text: 'pool could not be read: source "prom": no connection',
    });
    expect(await looksOf(world, id)).toBe(30);
  });
});
