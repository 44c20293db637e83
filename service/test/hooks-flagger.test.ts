import { afterEach, beforeEach, expect, test } from 'vitest';
import { tokenOf } from '../src/http/test-server.js';
import { createHookScene, hookPayload } from './hook-scene.js';

const METADATA = { version: '6.0.1' };
let scene: Awaited<ReturnType<typeof createHookScene>>;
beforeEach(async () => {
  scene = await createHookScene(
    [
      {
        name: 'flagger',
        kind: 'flagger',
        rules: [{ match: { namespace: 'test' }, service: '{{name}}', environment: 'prod' }],
      },
    ],
    {
      policy: {
        steps: [
          { name: 'canary', trafficShare: 0.1 },
          { name: 'full', trafficShare: 1 },
        ],
      },
    },
  );
});
afterEach(() => scene.close());

function told(
  phase: string,
  change: { checksum?: string; metadata?: object; namespace?: string } = {},
): string {
  const { checksum = '85d557f47b', metadata = METADATA, namespace = 'test' } = change;
  return hookPayload('flagger.json', { phase, checksum, metadata }).replace('"test"', `"${namespace}"`);
}
/** As Flagger calls: no header of its own, the token as the password in the address. */
function call(type: string, body: string) {
  const credentials = Buffer.from(`bellwether:${tokenOf('pipeline')}`).toString('base64');
  return scene.post(`flagger/${type}`, body, { authorization: `Basic ${credentials}` });
}
async function current(): Promise<string> {
  return (await scene.deployments())[0]?.id ?? '';
}
/** Flagger's rule: more than 202 is a failure. */
function succeeds({ status }: { readonly status: number }): boolean {
  return status <= 202;
}

test('a rollout that goes well: begun, held at each gate until the verdict, finished, watched on at full traffic', async () => {
  expect(succeeds(await call('confirm-rollout', told('Waiting')))).toBe(true);
  expect(succeeds(await call('pre-rollout', told('Progressing')))).toBe(true);
  expect(succeeds(await call('pre-rollout', told('Progressing')))).toBe(true);
  expect(await scene.deployments()).toMatchObject([
    {
      service: 'podinfo',
      version: '6.0.1',
      previousVersion: 'primary',
      strategy: 'canary',
      state: 'running',
    },
  ]);

  expect(succeeds(await call('rollout', told('Progressing')))).toBe(true);
  const waiting = await call('confirm-promotion', told('Progressing'));
  expect(waiting.status).toBe(409);
  expect(waiting.text).toContain('Bellwether on podinfo 6.0.1: pending');
  expect(succeeds(await call('confirm-traffic-increase', told('Progressing')))).toBe(false);
  expect(succeeds(await call('rollback', told('Progressing')))).toBe(false);

  await scene.look(await current(), 'continue');
  for (const gate of ['rollout', 'confirm-traffic-increase', 'confirm-promotion'])
    expect(succeeds(await call(gate, told('Progressing')))).toBe(true);
  expect(succeeds(await call('rollback', told('Progressing')))).toBe(false);

  expect(succeeds(await call('post-rollout', told('Succeeded')))).toBe(true);
  expect(await scene.deployments()).toMatchObject([{ state: 'finished' }]);
  expect(await scene.store.steps(await current())).toMatchObject([{ name: 'canary' }, { name: 'full' }]);
});

test('a bad canary: no gate opens but that of the rollback, and the failure ends the deployment', async () => {
  await call('pre-rollout', told('Progressing'));
  await scene.look(await current(), 'rollback');
  for (const gate of ['rollout', 'confirm-traffic-increase', 'confirm-promotion'])
    expect((await call(gate, told('Progressing'))).status).toBe(409);
  const back = await call('rollback', told('Progressing'));
  expect(back.status).toBe(200);
  expect(back.text).toContain('rollback');
});

test('events alone are enough to record it; the same spec can come out again', async () => {
  const event = (eventMessage: string, phase: string, checksum = 'a') =>
    call(
      'event',
      told(phase, {
        checksum,
        metadata: { eventMessage, eventType: 'Normal', timestamp: String(scene.nowMs()) },
      }),
    );
  const release = async (checksum: string): Promise<void> => {
    scene.wait(60_000);
    await event('New revision detected! Scaling up podinfo.test', 'Progressing', checksum);
    await event('Advance podinfo.test canary weight 10', 'Progressing', checksum);
    await event('Promotion completed! Scaling down podinfo.test', 'Succeeded', checksum);
  };
  await event('Initialization done! podinfo.test', 'Initialized');
  expect(await scene.deployments()).toEqual([]);
  await release('a');
  await release('b');
  await release('a');
  expect((await scene.deployments()).map(({ version, state }) => [version, state]).toSorted()).toEqual([
    ['a', 'finished'],
    ['a', 'superseded'],
    ['b', 'superseded'],
  ]);
  scene.wait(60_000);
  await event('New revision detected! Scaling up podinfo.test', 'Progressing', 'c');
  await event('Canary failed! Scaling down podinfo.test', 'Failed', 'c');
  const failed = (await scene.deployments()).find(({ version }) => version === 'c');
  expect(failed?.state).toBe('cancelled');
});

test('a gate that nobody can answer stays closed, and says why', async () => {
  const unbegun = await call('confirm-promotion', told('Progressing'));
  expect(unbegun.status).toBe(409);
  expect(unbegun.text).toContain('it never began');
  expect((await call('rollback', told('Progressing'))).status).toBe(409);
  const foreign = await call('confirm-promotion', told('Progressing', { namespace: 'other' }));
  expect(foreign.status).toBe(400);
  expect(foreign.text).toContain('no rule fits namespace');
});

test('an address without a type, and one with a wrong token, are refused', async () => {
  expect((await scene.post('flagger', told('Progressing'))).body.detail).toContain('/pre-rollout');
  expect((await scene.post('flagger/pre-rolout', told('Progressing'))).status).toBe(400);
  expect((await scene.post('flagger/rollback', told('x'), { authorization: 'Basic eDp5' })).status).toBe(401);
});
