import { attribute, type AttributionInput } from '@bellwether/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inEventTime } from '../src/app/attribution/attribute-look.js';
import type { Deployment } from '../src/domain/deployment.js';
import type { Evidence } from '../src/domain/evidence.js';
import type { Verdict } from '../src/domain/verdict.js';
import {
  createFleet,
  fleetPolicy,
  latencySamples,
  MINUTE_MS,
  watchToTheEnd,
  type Slowdown,
} from './attribution-scene.js';
import { eventually } from './eventually.js';
import { startService, type RunningService } from './running-service.js';
import { ADMIN, type World } from './world.js';

const START_MS = Date.UTC(2026, 0, 15, 12);
const brakesOf = (verdict: Verdict | undefined) => verdict?.brakes.map(({ brake }) => brake);
const slower = (minutes: number, share = 0.4): Slowdown => ({ atMs: START_MS + minutes * MINUTE_MS, share });

async function start(world: World, service: string, change: object = {}): Promise<Deployment> {
  return world.start({ service, version: '2.3.1', previousVersion: '2.3.0', ...change });
}

describe('is it this deployment?', { timeout: 60_000 }, () => {
  it('says so, and acts, when nothing else explains the shift', async () => {
    const world = await createFleet({ cart: slower(2), search: undefined, mail: undefined }, START_MS);
    for (const service of ['search', 'mail']) await start(world, service);
    const cart = await start(world, 'cart');
    const verdict = await watchToTheEnd(world, cart);
    expect(verdict).toMatchObject({ value: 'rollback', brakes: [] });
    const { candidates, onset, commonCause, compared } = verdict?.attribution ?? {};
    expect(candidates?.[0]).toMatchObject({ deployment: cart.id });
    expect(candidates?.[0]?.share).toBeGreaterThan(0.8);
    expect(onset?.beforeDeployment).toBe(false);
    expect(Math.abs((onset?.atMs ?? 0) - slower(2).atMs)).toBeLessThanOrEqual(MINUTE_MS);
    expect(commonCause).toMatchObject({ likely: false, services: 2, moved: [] });
    expect(compared).toEqual({ series: 2, servicesLeftOut: 0, deploymentsLeftOut: 0 });
  });

  it('names another deployment that fits better, and leaves the rollback to people', async () => {
    const world = await createFleet(
      { payments: slower(0, 0.6), cart: slower(0, 0.3), mail: undefined },
      START_MS,
    );
    world.wait(-40_000);
    const payments = await start(world, 'payments');
    await start(world, 'mail', { version: '9' });
    world.wait(40_000);
    const cart = await start(world, 'cart', { dependsOn: [{ service: 'payments' }] });
    const verdict = await watchToTheEnd(world, cart);
    expect(verdict?.value).toBe('rollback');
    expect(brakesOf(verdict)).toEqual(['other-deployment']);
    expect(verdict?.attribution?.candidates[0]).toMatchObject({
      deployment: payments.id,
      service: 'payments',
    });
    expect(verdict?.attribution?.sentence).toMatch(
      /^payments 2\.3\.1, released 40 s earlier, fits better \((over )?\d+ %\)\.$/,
    );
    const culprit = await watchToTheEnd(world, payments);
    expect(culprit).toMatchObject({ value: 'rollback', brakes: [] });
  });

  it('says that the shift began before, and leaves the rollback to people', async () => {
    const world = await createFleet({ cart: slower(-5), mail: undefined }, START_MS);
    await start(world, 'mail');
    const verdict = await watchToTheEnd(world, await start(world, 'cart'));
    expect(verdict?.value).toBe('rollback');
    expect(brakesOf(verdict)).toContain('began-before');
    expect(verdict?.attribution?.sentence).toMatch(/before this deployment/);
  });

  it('sees a common cause', async () => {
    const names = ['cart', 'mail', 'search', 'stock', 'users'];
    const world = await createFleet(Object.fromEntries(names.map((name) => [name, slower(1)])), START_MS);
    for (const name of names.slice(1)) {
      const { id } = await start(world, name);
      await world.useCases.cancelDeployment(ADMIN, id);
    }
    const verdict = await watchToTheEnd(world, await start(world, 'cart'));
    expect(verdict?.value).toBe('rollback');
    expect(brakesOf(verdict)).toContain('common-cause');
    expect(verdict?.attribution?.commonCause).toMatchObject({
      likely: true,
      services: 4,
      moved: names.slice(1),
    });
  });

  it('gives the same bits again from what was stored', async () => {
    const world = await createFleet({ cart: slower(1), mail: undefined }, START_MS);
    await start(world, 'mail');
    const verdict = await watchToTheEnd(world, await start(world, 'cart'));
    const blob = async (hash: string | undefined): Promise<unknown> =>
      JSON.parse(Buffer.from((await world.store.blob(hash ?? '')) ?? []).toString('utf8'));
    const evidence = (await blob(verdict?.evidenceHash)) as Evidence;
    const input = (await blob(evidence.attribution?.inputHash)) as AttributionInput;
    const compared = verdict?.attribution?.compared ?? {
      series: 0,
      servicesLeftOut: 0,
      deploymentsLeftOut: 0,
    };
    expect(inEventTime(input, attribute(input), compared)).toEqual(evidence.attribution?.result);
    expect(evidence.attribution?.result).toEqual(verdict?.attribution);
  });
});

describe('through the real service', { timeout: 60_000 }, () => {
  let service: RunningService;
  const nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const beganMs = nowMs - 20 * MINUTE_MS;

  beforeAll(async () => {
    service = await startService({
      config: {
        executors: [{ kind: 'command', name: 'shop', argv: ['/bin/true'] }],
        policies: { default: { ...fleetPolicy, mode: 'act', executor: 'shop' } },
      },
    });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
  });

  it('tells two concurrent deployments apart', async () => {
    const atMs = beganMs;
    const series = [
      latencySamples('payments', beganMs, 5, { atMs, share: 0.6 }),
      latencySamples('cart', beganMs, 6, { atMs, share: 0.3 }),
    ].map(({ metric, labels, type, timesMs, values }) => ({
      metric,
      labels,
      type,
      samples: timesMs.flatMap((tMs, i) => (tMs < nowMs ? [[tMs, values[i] ?? 0]] : [])),
    }));
    expect((await service.request('POST', '/api/v1/samples', { series })).status).toBe(202);
    const deploy = async (name: string, startedAtMs: number, dependsOn: readonly object[]) => {
      const { status, body } = await service.request('POST', '/api/v1/deployments', {
        service: name,
        environment: 'prod',
        version: '2.3.1',
        previousVersion: '2.3.0',
        strategy: 'rolling',
        change: { kind: 'code' },
        policy: 'default',
        startedAt: new Date(startedAtMs).toISOString(),
        dependsOn,
      });
      expect(status, JSON.stringify(body)).toBe(201);
      return String(body['id']);
    };
    const payments = await deploy('payments', beganMs - 40_000, []);
    const cart = await deploy('cart', beganMs, [{ service: 'payments' }]);
    const verdict = await eventually('a rollback verdict', async () => {
      const { body } = await service.request('GET', `/api/v1/deployments/${cart}/verdict?wait=2s`);
      return body['verdict'] === 'rollback' ? body : undefined;
    });
    expect(verdict).toMatchObject({
      attribution: {
        likeliest: { deployment: payments, service: 'payments' },
        onset: { beforeDeployment: false },
      },
    });
    expect(verdict['brakes']).toContainEqual(expect.objectContaining({ brake: 'other-deployment' }));
    const report = await service.request('GET', `/deployments/${cart}/report`);
    expect(String(report.body['text'])).toContain('Is it this deployment?');
  });
});
