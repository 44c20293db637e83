import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCandidates } from '../src/app/attribution/find-rivals.js';
import { createHookScene, HOOK_SECRET, hookPayload } from './hook-scene.js';

let scene: Awaited<ReturnType<typeof createHookScene>>;
beforeEach(async () => {
  const secret = { env: 'HOOK_SECRET' };
  scene = await createHookScene([
    {
      name: 'gitlab',
      kind: 'gitlab',
      secret,
      rules: [
        { match: { repository: 'shop/*', tier: 'staging' }, service: 'cart', environment: '{{environment}}' },
      ],
    },
    {
      name: 'terraform',
      kind: 'terraform',
      secret,
      rules: [{ match: { organization: 'acme' }, service: 'terraform-{{workspace}}', environment: 'prod' }],
    },
    {
      name: 'migrations',
      kind: 'migrations',
      rules: [{ match: {}, service: '{{database}}-database', environment: 'prod' }],
    },
  ]);
});
afterEach(() => scene.close());

function gitlab(status: string, headers: Readonly<Record<string, string>> = {}) {
  const time = scene.at(-5_000).replace('T', ' ').replace(/\..*$/, ' +0000');
  return scene.post('gitlab', hookPayload('gitlab-deployment.json', { status, time, ref: 'v2.0.1' }), {
    'x-gitlab-event': 'Deployment Hook',
    'x-gitlab-token': HOOK_SECRET,
    ...headers,
  });
}

test('GitLab: running begins, success finishes, failed calls off; a wrong token is refused', async () => {
  expect((await gitlab('created')).body.events?.[0]?.outcome).toBe('ignored');
  expect((await gitlab('running')).body.events?.[0]?.outcome).toBe('began');
  expect((await gitlab('failed')).body.events?.[0]?.outcome).toBe('cancelled');
  expect((await gitlab('success')).body.events?.[0]?.outcome).toBe('unchanged');
  expect(await scene.deployments()).toMatchObject([
    { service: 'cart', environment: 'staging', version: 'v2.0.1', startedAtMs: scene.nowMs() - 5_000 },
  ]);
  for (const token of ['', 'guess', `${HOOK_SECRET}x`])
    expect((await gitlab('running', { 'x-gitlab-token': token })).status).toBe(401);
});

test('GitLab: a delivery that is sent again is known by its key', async () => {
  const key = { 'idempotency-key': 'f5e57e34-43e1-45f6-9a4e-3a9d2ac1d6c7' };
  const first = await gitlab('running', key);
  expect(await gitlab('running', key)).toEqual(first);
});

async function terraform(trigger: string, status: string, secret = HOOK_SECRET) {
  const body = hookPayload('terraform-run.json', { trigger, status, time: scene.at() });
  const signature = createHmac('sha512', secret).update(body).digest('hex');
  return scene.post('terraform', body, { 'x-tfe-notification-signature': signature });
}

test('Terraform: an applied run is a change of the infrastructure; a plan alone is none', async () => {
  expect((await terraform('run:planning', 'planning')).body.events?.[0]?.outcome).toBe('ignored');
  expect((await terraform('run:completed', 'planned_and_finished')).body.events?.[0]?.outcome).toBe(
    'ignored',
  );
  expect(await scene.deployments()).toEqual([]);
  expect((await terraform('run:applying', 'applying')).body.events?.[0]?.outcome).toBe('began');
  expect((await terraform('run:completed', 'applied')).body.events?.[0]?.outcome).toBe('finished');
  expect(await scene.deployments()).toMatchObject([
    {
      service: 'terraform-network',
      version: 'run-FwnENkvDnrpyFC7M',
      change: { kind: 'infra', summary: 'Add five new queue workers' },
    },
  ]);
  expect((await terraform('run:applying', 'applying', 'another secret')).status).toBe(401);
});

test('Terraform: the message that checks the address is answered with success', async () => {
  const body = JSON.stringify({
    ...{ payload_version: 1, run_id: null, notifications: [{ trigger: 'verification', run_status: null }] },
  });
  const signature = createHmac('sha512', HOOK_SECRET).update(body).digest('hex');
  const answer = await scene.post('terraform', body, { 'x-tfe-notification-signature': signature });
  expect(answer.status).toBe(200);
});

test("Flyway's own output becomes a deployment with an irreversible migration, once", async () => {
  const output = hookPayload('flyway-migrate.json');
  expect((await scene.post('migrations/flyway', output)).body.events?.[0]?.outcome).toBe('finished');
  expect((await scene.post('migrations/flyway', output)).body.events?.[0]?.outcome).toBe('unchanged');
  expect(await scene.deployments()).toMatchObject([
    {
      service: 'cart-database',
      version: '1.3',
      change: { kind: 'database' },
      migration: { reversible: false, description: '1.2 add index, 1.3 drop column' },
    },
  ]);
  const none = output.replace('"migrationsExecuted": 2', '"migrationsExecuted": 0');
  expect((await scene.post('migrations/flyway', none)).body.events?.[0]?.reason).toBe(
    'no migration was applied',
  );
  const again = await scene.post('migrations/flyway', output, { 'idempotency-key': 'run-2' });
  expect(again.body.events?.[0]?.outcome).toBe('finished');
});

test('any other migration tool says it in a few words', async () => {
  const told = { tool: 'liquibase', database: 'cart', version: '2026.1', reversible: true };
  expect((await scene.post('migrations', { ...told, state: 'began' })).body.events?.[0]?.outcome).toBe(
    'began',
  );
  expect((await scene.post('migrations', { ...told, state: 'applied' })).body.events?.[0]?.outcome).toBe(
    'finished',
  );
  expect(await scene.deployments()).toMatchObject([{ version: '2026.1', migration: { reversible: true } }]);
  const wrong = await scene.post('migrations', { ...told, state: 'done' });
  expect(wrong.status).toBe(400);
  expect(wrong.body.errors?.[0]?.pointer).toBe('/state');
});

test('a migration of the time is a candidate when a deployment goes bad', async () => {
  await scene.post('migrations/flyway', hookPayload('flyway-migrate.json'));
  scene.wait(60_000);
  const judged = await scene.start({ service: 'cart', environment: 'prod' });
  const { rivals } = await findCandidates(scene.store, judged, scene.nowMs() + 1);
  expect(rivals).toMatchObject([{ service: 'cart-database', version: '1.3' }]);
});
