import { describe, expect, it } from 'vitest';
import { pushOnly } from '../src/app/sources.test-support.js';
import { createWatchScheduler } from '../src/app/evaluate/watch-scheduler.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import type { Engine } from '../src/engine/port.js';
import { SourceError, type MetricSource } from '../src/sources/port.js';
import { eventually } from './eventually.js';
import { assessment, createWorld, type World } from './world.js';

const LOOKS = 5;
const telemetry = { looked: () => undefined, failed: () => undefined };

/** A world whose watches are all due, over a source that answers as told, and a science that continues at the last look. */
async function worldInThePast(
  answer: (calls: number) => Error | undefined = () => undefined,
  science?: Engine,
) {
  const world = await createWorld({ policy: { watch: '1s', mode: 'recommend' } });
  let calls = 0;
  const source: MetricSource = {
    name: 'told',
    fetch() {
      calls += 1;
      const error = answer(calls);
      return error === undefined ? Promise.resolve([]) : Promise.reject(error);
    },
  };
  const engine: Engine = science ?? {
    ...world.ctx.engine,
    assess: (_id: string, _live: unknown, look: number) =>
      Promise.resolve(assessment(look < LOOKS ? 'pending' : 'continue', look)),
  };
  const started = await world.start();
  world.wait(10_000);
  const scheduler = createWatchScheduler({ ...world.ctx, sources: pushOnly(source), engine }, telemetry);
  return { world, id: started.id, scheduler };
}

const final = (world: World, id: string) =>
  eventually('the end of the watch', async () =>
    (await world.store.watches({ deploymentId: id, state: 'watching' })).length === 0 ? true : undefined,
  );
const looksOf = async (world: World, id: string) => {
  const [watch] = await world.store.watches({ deploymentId: id });
  return (await world.store.ticks(watch?.id ?? '')).map((t) => t.look);
};

describe('the watch scheduler', () => {
  it('catches up on every look that fell due while it was away, each once and in order', async () => {
    const { world, id, scheduler } = await worldInThePast();
    await scheduler.start();
    scheduler.wake();
    await final(world, id);
    await scheduler.stop();
    expect(await looksOf(world, id)).toEqual([1, 2, 3, 4, 5]);
    expect((await world.store.latestVerdict(id))?.value).toBe('continue');
  });

  it('skips no look when the source fails for a while', async () => {
    const { world, id, scheduler } = await worldInThePast((calls) =>
      calls === 1 || calls === 5 ? new SourceError('unavailable', 'the source is away', true) : undefined,
    );
    await scheduler.start();
    await final(world, id);
    await scheduler.stop();
    expect(await looksOf(world, id)).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends inconclusive, saying why, when asking again cannot help', async () => {
    const { world, id, scheduler } = await worldInThePast(
      () => new SourceError('too-many-series', 'one series was asked for and 2 match', false),
      createInlineEngine(),
    );
    await scheduler.start();
    await final(world, id);
    await scheduler.stop();
    expect(await looksOf(world, id)).toEqual([1, 2, 3, 4, 5]);
    const verdict = await world.store.latestVerdict(id);
    expect(verdict).toMatchObject({ value: 'inconclusive', rule: 'not-enough-data', guarantee: 'none' });
    expect(verdict?.reasons[0]?.text).toContain('2 match');
  });

  it('ends inconclusive when the source stays away past the end of the watch', async () => {
    const { world, id, scheduler } = await worldInThePast(() => {
      world.wait(70_000);
      return new SourceError('unavailable', 'the source is away', true);
    });
    await scheduler.start();
    await final(world, id);
    await scheduler.stop();
    expect((await world.store.latestVerdict(id))?.value).toBe('inconclusive');
  });

  it('survives a first failure after a long outage: being late is not failing for long', async () => {
    const { world, id, scheduler } = await worldInThePast((calls) =>
      calls === 1 ? new SourceError('unavailable', 'the source is away', true) : undefined,
    );
    world.wait(3_600_000);
    await scheduler.start();
    await final(world, id);
    await scheduler.stop();
    expect(await looksOf(world, id)).toEqual([1, 2, 3, 4, 5]);
    expect((await world.store.latestVerdict(id))?.value).toBe('continue');
  });

  it('leaves a watch to the next process when it is stopped', async () => {
    const { world, id, scheduler } = await worldInThePast(
      () => new SourceError('unavailable', 'the source is away', true),
    );
    await scheduler.start();
    await scheduler.stop();
    expect(await world.store.watches({ deploymentId: id, state: 'watching' })).toHaveLength(1);
  });
});
