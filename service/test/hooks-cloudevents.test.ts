import { CloudEvent, emitterFor, Mode, type TransportFunction } from 'cloudevents';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tokenOf } from '../src/http/test-server.js';
import { createHookScene, hookPayload } from './hook-scene.js';

let scene: Awaited<ReturnType<typeof createHookScene>>;
beforeEach(async () => {
  scene = await createHookScene([
    {
      name: 'events',
      kind: 'cloudevents',
      rules: [
        {
          match: { type: 'service', source: '/event/source/*' },
          service: '{{subject}}',
          environment: '{{environment}}',
        },
        { match: { type: 'environment' }, service: 'platform', environment: '{{subject}}' },
      ],
    },
  ]);
});
afterEach(() => scene.close());

let ids = 0;
function cdEvent(
  type: string,
  artifact: string,
  change: { id?: string; about?: string } = {},
): CloudEvent<unknown> {
  const id = change.id ?? `event-${(ids += 1)}`;
  const about = change.about ?? 'service';
  const values = { id, type, artifact, time: scene.at() };
  return new CloudEvent({
    id,
    type,
    source: '/event/source/1',
    subject: 'cart',
    time: scene.at(),
    data: JSON.parse(hookPayload(`cdevents-${about}.json`, values)) as unknown,
  });
}

/** Sends with the SDK of the CloudEvents project itself. */
async function send(event: CloudEvent<unknown>, mode: 'binary' | 'structured'): Promise<number> {
  let status = 0;
  const transport: TransportFunction = async ({ headers, body }) => {
    const response = await fetch(`${scene.url}/hooks/events`, {
      method: 'POST',
      headers: { ...(headers as Record<string, string>), authorization: `Bearer ${tokenOf('pipeline')}` },
      body: String(body),
    });
    ({ status } = response);
    return response.text();
  };
  await emitterFor(transport, {
    mode: mode === 'binary' ? Mode.BINARY : Mode.STRUCTURED,
  })(event);
  return status;
}

for (const mode of ['binary', 'structured'] as const)
  test(`the CloudEvents SDK reports in ${mode} mode: deployed, upgraded, and the same event twice`, async () => {
    const first = cdEvent('dev.cdevents.service.deployed.0.2.0', 'pkg:oci/cart@sha256%3A0b31b1c2?tag=1.0.0');
    scene.wait(60_000);
    const second = cdEvent('dev.cdevents.service.upgraded.0.2.0', 'pkg:oci/cart@1.1.0');
    for (const event of [first, second, first, second]) expect(await send(event, mode)).toBe(200);
    expect(await scene.deployments()).toMatchObject([
      {
        service: 'cart',
        environment: 'test123',
        version: '1.1.0',
        previousVersion: '1.0.0',
        state: 'finished',
      },
      { service: 'cart', version: '1.0.0', state: 'superseded' },
    ]);
  });

test('rolledback is a deployment that is watched to prove recovery', async () => {
  await send(cdEvent('dev.cdevents.service.deployed.0.2.0', 'pkg:oci/cart@1.0.0'), 'structured');
  scene.wait(60_000);
  await send(cdEvent('dev.cdevents.service.upgraded.0.2.0', 'pkg:oci/cart@1.1.0'), 'structured');
  scene.wait(60_000);
  await send(cdEvent('dev.cdevents.service.rolledback.0.2.0', 'pkg:oci/cart@1.0.0'), 'structured');
  const [back, bad] = await scene.deployments();
  expect(back).toMatchObject({ version: '1.0.0', previousVersion: '1.1.0', rollbackOf: bad?.id });
  const [watch] = await scene.store.watches({ deploymentId: back?.id ?? '' });
  expect(watch?.kind).toBe('recovery');
});

test('removed calls off what is under way', async () => {
  const place = { project: 'default', service: 'cart', environment: 'test123' };
  await scene.start({ ...place, version: '1.2.0' });
  await send(cdEvent('dev.cdevents.service.removed.0.2.0', 'pkg:oci/cart@1.2.0'), 'structured');
  expect(await scene.deployments()).toMatchObject([{ version: '1.2.0', state: 'cancelled' }]);
});

test('a modified environment is a change of the infrastructure', async () => {
  const modified = cdEvent('dev.cdevents.environment.modified.0.2.0', '', {
    about: 'environment',
    id: 'e-1',
  });
  await send(modified, 'structured');
  expect(await scene.deployments()).toMatchObject([
    { service: 'platform', environment: 'test123', change: { kind: 'infra' }, version: 'e-1' },
  ]);
});

test('a batch is taken event by event; other events of the project change nothing', async () => {
  const batch = [
    cdEvent('dev.cdevents.service.deployed.0.2.0', 'pkg:oci/cart@1.0.0'),
    cdEvent('dev.cdevents.pipelinerun.started.0.2.0', ''),
  ];
  const answer = await scene.post('events', batch, { 'content-type': 'application/cloudevents-batch+json' });
  expect(answer.body.events?.map(({ outcome }) => outcome)).toEqual(['finished', 'ignored']);
});

test('what is no CloudEvent is refused with what is missing', async () => {
  const type = { 'content-type': 'application/cloudevents+json' };
  expect((await scene.post('events', {})).body.detail).toContain('is no CloudEvent');
  const old = await scene.post('events', { specversion: '0.3', id: '1', source: 'x', type: 'y' }, type);
  expect(old.body.errors?.[0]?.pointer).toBe('/specversion');
  expect((await scene.post('events', '{', type)).body.detail).toContain('is not JSON');
  const data = { context: { id: 'x' } };
  const half = {
    specversion: '1.0',
    id: '1',
    source: '/event/source/1',
    type: 'dev.cdevents.service.deployed.0.2.0',
  };
  expect((await scene.post('events', { ...half, data }, type)).status).toBe(400);
  expect((await scene.post('events', {}, { authorization: '' })).status).toBe(401);
});
