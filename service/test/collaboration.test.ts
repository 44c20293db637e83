import { describe, expect, it } from 'vitest';
import type { Caller, CheckReport } from '../src/app/use-cases.js';
import type { Activity } from '../src/app/verdict-feed.js';
import { ADMIN, createWorld, type World } from './world.js';

const PIPELINE: Caller = { ...ADMIN, name: 'ci', role: 'pipeline' };
const OPERATOR: Caller = { ...ADMIN, name: 'ops', role: 'operator' };
const VIEWER: Caller = { ...ADMIN, name: 'eve', role: 'viewer' };
const smoke: CheckReport = { name: 'smoke', kind: 'smoke-test', state: 'passed' };
const signOff: CheckReport = {
  name: 'release',
  kind: 'sign-off',
  state: 'passed',
  by: { name: 'Ada Okafor', role: 'release manager' },
};
const actionsOf = async (world: World, id: string) =>
  (await world.store.audit({ deploymentId: id, limit: 999 })).map((one) => one.action);
const refusal = (code: string, field?: string) =>
  field === undefined ? { code } : { code, info: { field, remedy: expect.any(String) as string } };

async function running(policy: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld({ policy: { mode: 'recommend' }, ...policy });
  const { id } = await world.start();
  const check = (change: Partial<CheckReport>, caller = PIPELINE) =>
    world.useCases.reportCheck(caller, id, { ...smoke, ...change });
  return { world, id, check };
}

describe('who may report a check', () => {
  it('pipelines what machines find out, operators what people answer for, viewers nothing', async () => {
    const { check } = await running();
    for (const kind of ['smoke-test', 'junit', 'custom'] as const) await check({ name: kind, kind });
    for (const kind of ['sign-off', 'change-approval'] as const) {
      const wanted = { name: kind, kind, by: signOff.by ?? { name: '' } };
      await expect(check(wanted)).rejects.toMatchObject(refusal('forbidden', '/kind'));
      await check(wanted, OPERATOR);
    }
    await expect(check({}, VIEWER)).rejects.toMatchObject(refusal('forbidden'));
  });

  it('whoever the policy names for that check, and as the kind that it names', async () => {
    const { check } = await running({
      policy: {
        mode: 'recommend',
        requiredChecks: [
          { name: 'change', kind: 'change-approval', role: 'pipeline', onFailure: 'inconclusive' },
          { name: 'load', role: 'admin', onFailure: 'rollback' },
        ],
      },
    });
    await check({ name: 'change', kind: 'change-approval' });
    await expect(check({ name: 'change', kind: 'custom' })).rejects.toMatchObject(
      refusal('invalid', '/kind'),
    );
    await expect(check({ name: 'load' }, OPERATOR)).rejects.toMatchObject(refusal('forbidden', '/kind'));
    await check({ name: 'load' }, ADMIN);
  });

  it('a sign-off names a person and their role', async () => {
    const { check } = await running();
    const { by, ...nobody } = signOff;
    await expect(check(nobody, OPERATOR)).rejects.toMatchObject(refusal('invalid', '/by'));
    await expect(check({ ...signOff, by: { name: 'Ada' } }, OPERATOR)).rejects.toMatchObject(
      refusal('invalid', '/by/role'),
    );
  });
});

describe('a report of a check', () => {
  it('counts as the newest one; the same again changes nothing and tells nobody', async () => {
    const { world, id, check } = await running();
    const first = await check({ state: 'running' });
    world.wait(1_000);
    expect(await check({ state: 'running' })).toEqual(first);
    expect(await check({ state: 'failed' })).toMatchObject({ state: 'failed', revision: 2 });
    await check({ state: 'running' });
    await check({});
    const { checks, required } = await world.useCases.viewChecks(VIEWER, id);
    expect([checks.map(({ state, revision }) => [state, revision]), required]).toEqual([[['passed', 4]], []]);
    expect((await actionsOf(world, id)).filter((action) => action === 'check.report')).toHaveLength(4);
  });

  it('does not turn a failure into a check that merely expired, nor into another kind', async () => {
    const { check } = await running();
    await check({ state: 'failed' });
    await expect(check({ state: 'expired' })).rejects.toMatchObject(refusal('conflict', '/state'));
    await expect(check({ kind: 'custom' })).rejects.toMatchObject(refusal('conflict', '/kind'));
  });

  it('of a pass that ran out is news, though it says the same', async () => {
    const { world, id, check } = await running();
    await check({ expiresAtMs: world.nowMs() + 1_000 });
    world.wait(1_000);
    expect((await world.useCases.viewChecks(VIEWER, id)).checks).toMatchObject([{ state: 'expired' }]);
    await expect(check({ expiresAtMs: world.nowMs() })).rejects.toMatchObject(
      refusal('invalid', '/expiresAt'),
    );
    expect(await check({})).toMatchObject({ state: 'passed', revision: 2 });
  });

  it('is refused for a step that nobody planned and for a deployment that has ended', async () => {
    const { world, id, check } = await running();
    await expect(check({ step: 'canary' })).rejects.toMatchObject(refusal('invalid', '/step'));
    await world.useCases.cancelDeployment(ADMIN, id);
    await expect(check({})).rejects.toMatchObject({
      code: 'conflict',
      message: 'a deployment that is cancelled takes no checks',
    });
  });

  it('is one of at most 200 checks and of at most 1,000 reports', async () => {
    const { world, id, check } = await running();
    const stored = await check({});
    await world.store.transaction(async (tx) => {
      for (let n = 1; n < 200; n++) await tx.putCheck({ ...stored, name: `check ${n}` });
    });
    await expect(check({ name: 'one more' })).rejects.toMatchObject(refusal('conflict', '/name'));
    await check({ name: 'check 7', state: 'failed' });
    await world.store.transaction(async (tx) => {
      for (let revision = 2; revision <= 800; revision++) await tx.putCheck({ ...stored, revision });
    });
    await expect(check({ state: 'failed' })).rejects.toMatchObject(refusal('conflict', '/name'));
    expect((await world.useCases.viewChecks(VIEWER, id)).checks).toHaveLength(200);
  });
});

describe('"I have this"', () => {
  it('is taken, taken over and released, and the same person again changes nothing', async () => {
    const { world, id } = await running();
    const take = (caller = OPERATOR, change: object = {}) =>
      world.useCases.acknowledge(caller, id, { release: false, ...change });
    await expect(take(PIPELINE)).rejects.toMatchObject(refusal('forbidden'));
    await expect(take(OPERATOR, { release: true })).rejects.toMatchObject(refusal('conflict', '/release'));
    const first = await take(OPERATOR, { comment: 'on it' });
    expect(await take()).toEqual(first);
    const second = await take(ADMIN, { by: { name: 'Bo' } });
    const [before] = await world.store.acknowledgements(id);
    expect(before).toMatchObject({ comment: 'on it', releasedAtMs: world.nowMs(), releasedBy: second.actor });
    expect(await take(OPERATOR, { release: true })).toMatchObject({ id: second.id, releasedBy: first.actor });
    await take();
    expect((await actionsOf(world, id)).filter((one) => one.startsWith('acknowledgement'))).toEqual([
      'acknowledgement.take',
      'acknowledgement.take',
      'acknowledgement.release',
      'acknowledgement.take',
    ]);
  });
});

describe('notes and incidents', () => {
  it('are written down in any state, up to a limit, and not twice for one address', async () => {
    const { world, id } = await running();
    await world.useCases.cancelDeployment(ADMIN, id);
    const note = await world.useCases.addNote(PIPELINE, id, { kind: 'lesson', text: 'warm the cache' });
    const link = { url: 'https://incidents.example.com/1', title: 'Checkout is slow' };
    const incident = await world.useCases.linkIncident(PIPELINE, id, link);
    await expect(world.useCases.linkIncident(PIPELINE, id, link)).rejects.toMatchObject(
      refusal('conflict', '/url'),
    );
    await expect(world.useCases.addNote(VIEWER, id, { kind: 'note', text: 't' })).rejects.toMatchObject(
      refusal('forbidden'),
    );
    await world.store.transaction(async (tx) => {
      for (let n = 1; n < 500; n++) await tx.insertNote({ ...note, id: `n-${n}` });
      for (let n = 1; n < 50; n++)
        await tx.insertIncident({ ...incident, id: `i-${n}`, url: `${link.url}/${n}` });
    });
    await expect(world.useCases.addNote(PIPELINE, id, { kind: 'note', text: 't' })).rejects.toMatchObject(
      refusal('conflict'),
    );
    await expect(
      world.useCases.linkIncident(PIPELINE, id, { ...link, url: 'https://other.example.com' }),
    ).rejects.toMatchObject(refusal('conflict'));
  });
});

describe('everything of it', () => {
  const doAll = async ({ world, id, check }: Awaited<ReturnType<typeof running>>) => {
    const by = { name: 'Ada Okafor', role: 'release manager' };
    const { useCases } = world;
    await check(signOff, OPERATOR);
    await useCases.hold(OPERATOR, id, { reason: 'r', stopsRollback: false, by });
    await useCases.proceed(OPERATOR, id, { reason: 'r', by });
    await useCases.acknowledge(OPERATOR, id, { release: false, by });
    await useCases.addNote(OPERATOR, id, { kind: 'note', text: 'Ada Okafor called '.repeat(200), by });
    await useCases.linkIncident(OPERATOR, id, { url: 'https://i.example.com/', title: 'i', by });
  };
  const types = [
    'check.reported',
    'deployment.held',
    'deployment.proceeded',
    'deployment.acknowledged',
    'note.added',
    'incident.linked',
  ];

  it('is audited, told to endpoints that asked for it, and to whoever listens', async () => {
    const scene = await running({ endpoints: [{ name: 'people', events: types }] });
    const { world, id } = scene;
    const heard: Activity[] = [];
    await world.useCases.onActivity(VIEWER, id, (activity) => heard.push(activity));
    await doAll(scene);
    expect(heard.map(({ type }) => type)).toEqual(types);
    const sent = (await world.store.outbox({ limit: 99 })).toReversed();
    expect(sent.map(({ type }) => type)).toEqual(types);
    expect(sent.every(({ body }) => Buffer.byteLength(body) < 20_000)).toBe(true);
    expect((await actionsOf(world, id)).slice(1)).toEqual(
      expect.arrayContaining([
        'check.report',
        'deployment.hold',
        'deployment.proceed',
        'acknowledgement.take',
        'note.add',
        'incident.link',
      ]),
    );
    expect(await world.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('knows people by pseudonym: a name that is deleted stands nowhere but in what people wrote', async () => {
    const scene = await running();
    const { world, id } = scene;
    await doAll(scene);
    const view = await world.useCases.reportDeployment(VIEWER, id);
    const person = view.collaboration.checks[0]?.person ?? '';
    expect(view.people[person]).toBe('Ada Okafor');
    await world.store.transaction((tx) => tx.forget(person));
    const { collaboration, audit, people } = await world.useCases.reportDeployment(VIEWER, id);
    expect(JSON.stringify({ ...collaboration, notes: [], audit, people })).not.toContain('Ada');
  });

  it('is hidden from tokens of another scope', async () => {
    const { world, id } = await running();
    const other = { ...OPERATOR, service: 'checkout' };
    await expect(world.useCases.viewChecks(other, id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.useCases.reportCheck(other, id, smoke)).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.useCases.proceed(other, id, { reason: 'r' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
