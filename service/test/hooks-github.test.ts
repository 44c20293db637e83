import { sign } from '@octokit/webhooks-methods';
import recorded from '@octokit/webhooks-examples';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHookScene, HOOK_SECRET } from './hook-scene.js';

const RULES = [
  {
    match: { repository: 'Codertocat/*', environment: 'production' },
    service: '{{repository}}',
    environment: 'prod',
  },
  { match: { repository: 'acme/*' }, service: 'acme', environment: '{{environment}}' },
  { match: { repository: 'acme-test/*' }, ignore: true },
];

let scene: Awaited<ReturnType<typeof createHookScene>>;
beforeEach(async () => {
  scene = await createHookScene([
    { name: 'github', kind: 'github', secret: { env: 'HOOK_SECRET' }, rules: RULES },
  ]);
});
afterEach(() => scene.close());

interface Status {
  readonly deployment_status: object;
  readonly deployment: object;
  readonly repository: object;
}
/** What GitHub really sent, and Octokit publishes. */
const examples = (recorded as unknown as { name: string; examples: Status[] }[]).find(
  ({ name }) => name === 'deployment_status',
)?.examples;

function status(
  state: string,
  change: { at?: string; deployment?: object; repository?: object } = {},
): object {
  const [example] = examples ?? [];
  if (example === undefined) throw new Error('no recorded payload');
  return {
    ...example,
    deployment_status: { ...example.deployment_status, state, created_at: change.at ?? scene.at(-1_000) },
    deployment: { ...example.deployment, ...change.deployment },
    repository: { ...example.repository, ...change.repository },
  };
}

let deliveries = 0;
async function send(payload: object, headers: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify(payload);
  return scene.post('github', body, {
    authorization: '',
    'x-github-event': 'deployment_status',
    'x-github-delivery': `00000000-0000-4000-8000-${String((deliveries += 1)).padStart(12, '0')}`,
    'x-hub-signature-256': await sign(HOOK_SECRET, body),
    ...headers,
  });
}

test('in_progress begins a deployment, success finishes it, and each once however often it is sent', async () => {
  const begun = await send(status('in_progress'));
  expect(begun.status).toBe(201);
  expect(begun.body.events).toMatchObject([{ outcome: 'began', state: 'running' }]);
  expect((await send(status('in_progress'))).body.events).toMatchObject([{ outcome: 'unchanged' }]);
  expect((await send(status('success'))).body.events).toMatchObject([{ outcome: 'finished' }]);
  expect((await send(status('success'))).body.events).toMatchObject([{ outcome: 'unchanged' }]);
  expect(await scene.deployments()).toMatchObject([
    {
      service: 'Codertocat/Hello-World',
      environment: 'prod',
      state: 'finished',
      version: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      change: { kind: 'code', commit: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e' },
      startedAtMs: Date.parse(scene.at(-1_000)),
    },
  ]);
});

test('success alone begins and finishes; a late in_progress changes nothing', async () => {
  expect((await send(status('success'))).body.events).toMatchObject([{ outcome: 'finished' }]);
  expect((await send(status('in_progress', { at: scene.at(-60_000) }))).body.events).toMatchObject([
    { outcome: 'unchanged', state: 'finished' },
  ]);
  expect(await scene.deployments()).toHaveLength(1);
});

test('failure calls it off; the next deployment knows the version before it', async () => {
  const tagged = (id: number, ref: string) => ({ deployment: { id, ref, payload: {} } });
  await send(status('in_progress', tagged(1, 'v1.0.0')));
  await send(status('success', tagged(1, 'v1.0.0')));
  await send(status('in_progress', { ...tagged(2, 'v1.1.0'), at: scene.at() }));
  await send(status('failure', tagged(2, 'v1.1.0')));
  expect(await scene.deployments()).toMatchObject([
    { version: 'v1.1.0', previousVersion: 'v1.0.0', state: 'cancelled' },
    { version: 'v1.0.0', state: 'superseded' },
  ]);
});

test('a form is understood as well as JSON, and the payload names the version', async () => {
  const payload = status('in_progress', { deployment: { payload: { version: '2.14.0' } } });
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const answer = await scene.post('github', body, {
    'content-type': 'application/x-www-form-urlencoded',
    'x-github-event': 'deployment_status',
    'x-hub-signature-256': await sign(HOOK_SECRET, body),
  });
  expect(answer.status).toBe(201);
  expect(await scene.deployments()).toMatchObject([{ version: '2.14.0' }]);
});

test('a forged signature is refused with 401, counted each time and logged once', async () => {
  const forged = [
    await sign('another secret', JSON.stringify(status('in_progress'))),
    'sha256=',
    'sha256=00',
    'sha1=6ef9dd4f4b5a0ad0b0ecb3ee0ba0c7ac0ea5b3f6',
    '',
  ];
  for (const signature of forged) {
    const answer = await send(status('in_progress'), { 'x-hub-signature-256': signature });
    expect(answer.status).toBe(401);
    expect(answer.body.detail).toContain('not signed with the secret of the hook "github"');
  }
  expect(await scene.deployments()).toEqual([]);
  expect(await scene.counted('github', 'forged')).toBe(forged.length);
  expect(scene.logged).toHaveLength(1);
});

test('a signature is that of the bytes as they came', async () => {
  const body = JSON.stringify(status('in_progress'));
  const signature = await sign(HOOK_SECRET, body);
  expect((await send(status('success'), { 'x-hub-signature-256': signature })).status).toBe(401);
  const spaced = body.replace('{', '{ ');
  const headers = { 'x-github-event': 'deployment_status', 'x-hub-signature-256': signature };
  expect((await scene.post('github', spaced, headers)).status).toBe(401);
  expect((await scene.post('github', body, headers)).status).toBe(201);
});

test('a delivery that is sent again gets the answer of the first; another message under its id is refused', async () => {
  const again = { 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' };
  const payload = status('in_progress');
  const first = await send(payload, again);
  const second = await send(payload, again);
  expect(second).toEqual(first);
  expect(await scene.counted('github', 'repeated')).toBe(1);
  expect((await send(status('failure'), again)).status).toBe(409);
  expect(await scene.deployments()).toMatchObject([{ state: 'running' }]);
});

test('an old message replayed under a new delivery id begins nothing', async () => {
  const [example] = examples ?? [];
  const answer = await send(example ?? {});
  expect(answer.body.events).toEqual([{ outcome: 'ignored', reason: 'it happened more than a day ago' }]);
  await send(status('in_progress', { deployment: { id: 5 }, at: scene.at() }));
  const late = await send(status('in_progress', { deployment: { id: 4 }, at: scene.at(-120_000) }));
  expect(late.body.events).toEqual([
    { outcome: 'ignored', reason: 'a later deployment of this service is known' },
  ]);
});

test('what no rule fits is answered, counted, and logged once a place', async () => {
  const foreign = status('in_progress', { repository: { full_name: 'other/thing' } });
  for (let i = 0; i < 3; i += 1) {
    const answer = await send(foreign);
    expect(answer.status).toBe(200);
    expect(answer.body.events?.[0]?.outcome).toBe('unmapped');
    expect(answer.body.events?.[0]?.reason).toContain('no rule fits repository "other/thing"');
  }
  const left = await send(status('in_progress', { repository: { full_name: 'acme-test/x' } }));
  expect(left.body.events).toMatchObject([{ outcome: 'ignored', reason: 'a rule leaves it out' }]);
  expect(await scene.counted('github', 'unmapped')).toBe(3);
  expect(scene.logged).toHaveLength(1);
});

test('other events of GitHub change nothing, and a broken body names its field', async () => {
  for (const event of ['ping', 'deployment', 'push'])
    expect((await send({ zen: 'x' }, { 'x-github-event': event })).body.events?.[0]?.outcome).toBe('ignored');
  const broken = await send({ ...status('success'), deployment: { id: 'seven' } });
  expect(broken.status).toBe(400);
  expect(broken.body.errors?.[0]?.pointer).toBe('/deployment/id');
  expect(await scene.counted('github', 'refused')).toBe(1);
});

test('an unknown hook says where hooks are named', async () => {
  const answer = await scene.post('gitub', {});
  expect(answer.status).toBe(404);
  expect(answer.body.detail).toContain('There is no hook "gitub"');
  expect((await fetch(`${scene.url}/hooks/github`)).status).toBe(405);
});
