import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { composeKubernetes, type ClusterWatchers } from '../src/compose-kubernetes.js';
import { configSchema } from '../src/config/config-schema.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import { createTelemetry } from '../src/telemetry/metrics.js';
import { hookPayload } from './hook-scene.js';
import { startKubernetesDouble } from './kubernetes-double.js';
import { createWorld } from './world.js';

let cluster: Awaited<ReturnType<typeof startKubernetesDouble>>;
let world: Awaited<ReturnType<typeof createWorld>>;
let watchers: ClusterWatchers | undefined;
let warnings: string[];
const telemetry = createTelemetry();
/** Asks again until it holds. */
const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 20 });

beforeEach(async () => {
  cluster = await startKubernetesDouble();
  world = await createWorld();
  warnings = [];
});
afterEach(async () => {
  await watchers?.stop();
  watchers = undefined;
  await cluster.close();
  await world.store.close();
});

/** As a service that starts. */
function watch(token = 'cluster-token', change: object = {}): void {
  const config = configSchema.parse({
    kubernetes: [
      {
        name: 'prod',
        url: cluster.url,
        token: { env: 'CLUSTER_TOKEN' },
        namespace: 'shop',
        rules: [{ match: { name: 'c*' }, service: '{{name}}', environment: 'prod' }],
        ...change,
      },
    ],
  });
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const guard = createUrlGuard({ allow: ['127.0.0.1'], setting: 'egress.allow' });
  watchers = composeKubernetes(
    config,
    { CLUSTER_TOKEN: token },
    { guard, clock: world.ctx.clock, log, metrics: telemetry.hooks },
  );
  watchers.start(world.useCases);
}

function workload(revision: number, state: 'progressing' | 'complete' | 'stuck' | 'scaled', name = 'cart') {
  return JSON.parse(
    hookPayload('kubernetes-deployment.json', {
      name,
      generation: revision,
      revision: String(revision),
      image: `registry.example.com:5000/shop/cart:v${revision}`,
      replicas: state === 'complete' ? 3 : 4,
      updated: { complete: 3, scaled: 4, progressing: 1, stuck: 1 }[state],
      reason: state === 'stuck' ? 'ProgressDeadlineExceeded' : 'ReplicaSetUpdated',
    }),
  ) as Parameters<typeof cluster.apply>[0];
}

async function deployments() {
  const { items } = await world.store.deployments({ project: 'default', limit: 100 });
  return items.map(({ version, previousVersion, state }) => [previousVersion, version, state]);
}
async function become(expected: readonly unknown[]): Promise<void> {
  await eventually(async () => expect(await deployments()).toEqual(expected));
}
const watching = (): Promise<void> => eventually(() => expect(cluster.watching()).toBe(1));

test('a new revision becomes a deployment with old and new version, and ends when it is out', async () => {
  cluster.apply(workload(1, 'complete'));
  watch();
  await watching();
  expect(await deployments()).toEqual([]);

  cluster.apply(workload(2, 'progressing'));
  await become([['v1', 'v2', 'running']]);
  cluster.apply(workload(2, 'progressing'));
  cluster.apply(workload(2, 'complete'));
  await become([['v1', 'v2', 'finished']]);

  world.wait(60_000);
  cluster.apply(workload(3, 'progressing'));
  cluster.apply(workload(3, 'stuck'));
  await become([
    ['v2', 'v3', 'cancelled'],
    ['v1', 'v2', 'superseded'],
  ]);
  expect((await world.store.deployments({ project: 'default', limit: 1 })).items[0]).toMatchObject({
    ...{ service: 'cart', environment: 'prod', strategy: 'rolling' },
    labels: { 'kubernetes/workload': 'shop/cart', 'kubernetes/revision': '3' },
  });
  expect(warnings).toEqual([]);
});

test('a workload that is only scaled brings nothing out, whether it was there before or after the watch began', async () => {
  cluster.apply(workload(1, 'scaled'));
  watch();
  await watching();
  cluster.apply(workload(1, 'complete'));
  cluster.apply(workload(1, 'scaled'));
  // A workload that appears is a first deployment, without a version before it.
  cluster.apply(workload(1, 'scaled', 'catalogue'));
  await become([[undefined, 'v1', 'running']]);
  cluster.apply(workload(1, 'complete', 'catalogue'));
  await become([[undefined, 'v1', 'finished']]);
  expect((await world.store.deployments({ project: 'default', limit: 1 })).items[0]?.service).toBe(
    'catalogue',
  );
});

test('a watch that ends goes on from where it was, also where only a bookmark told where', async () => {
  watch();
  await watching();
  cluster.apply(workload(1, 'progressing'));
  cluster.bookmark();
  await become([[undefined, 'v1', 'running']]);
  const asked = cluster.requests.length;
  cluster.endWatches('end');
  await watching();
  expect(cluster.requests.slice(asked)).toEqual([expect.stringContaining('resourceVersion=102')]);
  cluster.apply(workload(1, 'complete'));
  await become([[undefined, 'v1', 'finished']]);
});

test('410 Gone: what happened in between is found in a new list', async () => {
  cluster.apply(workload(1, 'complete'));
  watch();
  await watching();
  cluster.apply(workload(2, 'progressing'));
  await become([['v1', 'v2', 'running']]);
  // Between two watches: more happens than the server remembers.
  cluster.endWatches('destroy');
  cluster.apply(workload(2, 'complete'));
  world.wait(60_000);
  cluster.apply(workload(3, 'complete'));
  cluster.compact();
  await become([
    ['v2', 'v3', 'finished'],
    ['v1', 'v2', 'superseded'],
  ]);
});

test('a restart neither loses nor doubles a revision', async () => {
  watch();
  await watching();
  cluster.apply(workload(1, 'progressing'));
  await become([[undefined, 'v1', 'running']]);
  await watchers?.stop();
  cluster.apply(workload(1, 'complete'));
  world.wait(60_000);
  cluster.apply(workload(2, 'complete'));
  watch();
  await become([
    ['v1', 'v2', 'finished'],
    [undefined, 'v1', 'superseded'],
  ]);
  await watchers?.stop();
  watch();
  await watching();
  expect(await deployments()).toHaveLength(2);
});

test('workloads that no rule fits are left alone, and long lists are read to their end', async () => {
  for (let i = 0; i < 1_001; i += 1) cluster.apply(workload(1, 'complete', `z${i}`));
  cluster.apply(workload(1, 'progressing', 'cart'));
  watch();
  await become([[undefined, 'v1', 'running']]);
  expect(cluster.requests.filter((path) => path.includes('limit=500'))).toHaveLength(3);
});

test('a token that the cluster refuses is logged once, and tried again', async () => {
  watch('wrong');
  await eventually(() => expect(cluster.requests.length).toBeGreaterThan(1));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('the API server answered 401');
});

test('an address that the guard does not allow stops the start', () => {
  const guard = createUrlGuard({ allow: [], setting: 'egress.allow' });
  const config = configSchema.parse({
    kubernetes: [{ name: 'x', url: cluster.url, rules: [{ service: 'a', environment: 'b' }] }],
  });
  const log = pino({ level: 'silent' });
  expect(() =>
    composeKubernetes(config, {}, { guard, clock: Date.now, log, metrics: telemetry.hooks }),
  ).toThrow(/\/kubernetes\/0\/url/);
});
