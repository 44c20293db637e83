import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHookScene, hookPayload } from './hook-scene.js';

let scene: Awaited<ReturnType<typeof createHookScene>>;
beforeEach(async () => {
  scene = await createHookScene([
    {
      name: 'argo',
      kind: 'argo-rollouts',
      rules: [{ match: {}, service: '{{name}}', environment: '{{namespace}}' }],
    },
  ]);
});
afterEach(() => scene.close());

async function notify(change: {
  revision?: string;
  image?: string;
  phase?: string;
  step?: number;
  abort?: boolean;
  pods?: string;
}) {
  const { revision = '2', image = 'registry.example.com:5000/shop/cart:v2', phase = 'Progressing' } = change;
  const { step = 0, abort = false } = change;
  const { pods = phase === 'Healthy' ? '6d4f8b9c5d' : '7bf84f9696' } = change;
  const message = abort ? 'RolloutAborted: Rollout aborted update to revision 2' : '';
  const answer = await scene.post(
    'argo',
    hookPayload('rollout.json', { revision, image, phase, step, abort, message, pods }),
  );
  return answer.body.events?.[0];
}
const steps = async () => scene.store.steps((await scene.deployments())[0]?.id ?? '');

test('weights become steps, pauses do not, and the last one is full traffic', async () => {
  expect(await notify({})).toMatchObject({ outcome: 'began' });
  expect((await scene.deployments())[0]).toMatchObject({
    ...{ service: 'cart', environment: 'shop', version: 'v2', previousVersion: 'stable', strategy: 'canary' },
    plannedSteps: [
      { name: '20%', trafficShare: 0.2 },
      { name: '40%', trafficShare: 0.4 },
      { name: '100%', trafficShare: 1 },
    ],
    labels: { 'kubernetes/revision': '2', 'kubernetes/workload': 'shop/cart' },
  });
  expect(await notify({ step: 1, phase: 'Paused' })).toMatchObject({ outcome: 'unchanged' });
  scene.wait(60_000);
  expect(await notify({ step: 2 })).toMatchObject({ outcome: 'stepped' });
  expect(await notify({ step: 3, phase: 'Paused' })).toMatchObject({ outcome: 'unchanged' });
  scene.wait(60_000);
  expect(await notify({ step: 6, phase: 'Healthy' })).toMatchObject({ outcome: 'finished' });
  expect((await steps()).map(({ name }) => name)).toEqual(['20%', '40%', '100%']);
});

test('a notification that was lost is made up for by the next', async () => {
  expect(await notify({ step: 3 })).toMatchObject({ outcome: 'began' });
  expect((await steps()).length).toBe(2);
  scene.wait(60_000);
  expect(
    await notify({ revision: '3', image: 'cart@sha256:0b31b1c2', step: 6, phase: 'Healthy' }),
  ).toMatchObject({
    outcome: 'finished',
  });
  expect(await scene.deployments()).toMatchObject([
    { version: 'sha256:0b31b1c2', previousVersion: 'v2', state: 'finished' },
    { version: 'v2', state: 'superseded' },
  ]);
});

test('the events of the end are believed before the status of the Rollout says so', async () => {
  await notify({});
  scene.wait(60_000);
  const stale = (event: string, revision: string) =>
    hookPayload('rollout.json', {
      ...{
        revision,
        image: `cart:v${revision}`,
        phase: 'Progressing',
        step: 5,
        abort: false,
        message: '',
        pods: 'new',
      },
    }).replace('{', `{ "event": "${event}",`);
  const completed = await scene.post('argo', stale('completed', '2'));
  expect(completed.body.events).toMatchObject([{ outcome: 'finished' }]);
  expect((await steps()).map(({ name }) => name)).toEqual(['20%', '40%', '100%']);
  scene.wait(60_000);
  await notify({ revision: '3', image: 'cart:v3' });
  const aborted = await scene.post('argo', stale('aborted', '3'));
  expect(aborted.body.events).toMatchObject([{ outcome: 'cancelled' }]);
});

test('an aborted Rollout is called off with what Argo says of it', async () => {
  await notify({});
  expect(await notify({ phase: 'Degraded', abort: true })).toMatchObject({ outcome: 'cancelled' });
  const [deployment] = await scene.deployments();
  expect((await scene.store.latestVerdict(deployment?.id ?? ''))?.reasons[0]?.text).toContain(
    'RolloutAborted',
  );
});

test('a Rollout that was out before anybody told of it is no deployment, also while it is scaled', async () => {
  expect(await notify({ phase: 'Healthy', step: 6 })).toMatchObject({ outcome: 'ignored' });
  expect(await notify({ phase: 'Progressing', step: 6, pods: '6d4f8b9c5d' })).toMatchObject({
    outcome: 'ignored',
    reason: 'it was out before anybody told of it',
  });
  expect(await scene.deployments()).toEqual([]);
});

test('a step that the verdict forbids is told, and Argo is not held up', async () => {
  await notify({});
  await scene.look((await scene.deployments())[0]?.id ?? '', 'rollback');
  const went = await notify({ step: 2 });
  expect(went?.reason ?? '').toMatch(/rollback|rolling-back/);
});

test('a body that is no Rollout names the field', async () => {
  const answer = await scene.post('argo', { rollout: { metadata: {}, spec: {} } });
  expect(answer.status).toBe(400);
  expect(answer.body.errors?.[0]?.pointer).toBe('/rollout/metadata/name');
});
