import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { NOW_MS, tokenOf } from '../src/http/test-server.js';
import { ADA, auditOf, closeScenes, refused, scene } from './grafana-people-scene.js';

afterEach(closeScenes);

describe('a person with a token that Grafana signed', () => {
  it('rolls back where a rule lets them, under their own name, with the proof on record', async () => {
    const at = await scene();
    const asked = await at.rollBack({ 'x-grafana-id': await at.signer.sign('ada') });
    expect(asked.status).toBe(202);
    const [entry] = await auditOf(at);
    expect(entry?.authentication).toBe('token:app grafana-id');
    expect(await at.world.store.personBehind(entry?.actor ?? '')).toBe('grafana:ada');
    expect(entry?.detail).toMatchObject({ reason: 'errors went up' });
  });

  it('is known by subject too, and a login that looks like one matches nobody', async () => {
    const at = await scene({ allow: [{ ...ADA, users: ['user:uid-of-ada'] }] });
    const asked = async (login: string, claims = {}) =>
      (await at.rollBack({ 'x-grafana-id': await at.signer.sign(login, { claims }) }, { dryRun: true }))
        .status;
    expect(await asked('eve', { username: 'user:uid-of-ada' })).toBe(403);
    // Let in, and then asked for the reason that the policy wants.
    expect(await asked('renamed', { sub: 'user:uid-of-ada' })).toBe(400);
    expect(await asked('ada', { username: 'renamed' })).toBe(400);
  });

  it('may only read where no rule names them: deny by default, and it says what to do', async () => {
    const at = await scene();
    const id = await at.signer.sign('eve');
    const { status, body } = await at.rollBack({ 'x-grafana-id': id });
    expect([status, body]).toEqual([
      403,
      expect.objectContaining({
        errors: [
          {
            detail: 'no rule lets this person act on cart in prod',
            remedy: expect.stringContaining('let a rule in tokens[].grafana.allow') as string,
          },
        ],
      }),
    ]);
    for (const path of ['hold', 'notes', 'checks', 'acknowledge', 'feedback', 'continue', 'finish']) {
      const bodies: Record<string, object> = {
        hold: { reason: 'wait' },
        notes: { text: 'hello' },
        checks: { name: 'smoke', kind: 'smoke-test', state: 'passed' },
        feedback: { judgement: 'right' },
        continue: { reason: 'fine' },
      };
      const response = await at.server.send('POST', `/api/v1/deployments/${at.id}/${path}`, {
        role: undefined,
        headers: { authorization: `Bearer ${tokenOf('app')}`, 'x-grafana-id': id },
        body: bodies[path] ?? {},
      });
      expect([path, response.status]).toEqual([path, 403]);
    }
    const read = await at.server.send('GET', `/api/v1/deployments/${at.id}`, {
      role: undefined,
      headers: { authorization: `Bearer ${tokenOf('app')}`, 'x-grafana-id': id },
    });
    expect(read.status).toBe(200);
  });

  it('may by their role in Grafana, as far as the rule reaches', async () => {
    const rule = { ...ADA, users: [], grafanaRoles: ['Admin' as const], service: '*' };
    const at = await scene({ allow: [{ ...rule, environment: 'staging' }] });
    const admin = { 'x-grafana-id': await at.signer.sign('eve', { claims: { role: 'Admin' } }) };
    expect((await at.rollBack(admin)).status).toBe(403);
    const other = await scene({ allow: [rule] });
    const editor = { 'x-grafana-id': await other.signer.sign('eve') };
    expect((await other.rollBack(editor)).status).toBe(403);
    const grown = { 'x-grafana-id': await other.signer.sign('eve', { claims: { role: 'Admin' } }) };
    expect((await other.rollBack(grown)).status).toBe(202);
  });

  it('signs off for nobody else', async () => {
    const at = await scene();
    const headers = {
      authorization: `Bearer ${tokenOf('app')}`,
      'x-grafana-id': await at.signer.sign('ada'),
    };
    const signOff = async (name: string) => {
      const by = { name, role: 'release manager' };
      const body = { name: 'release', kind: 'sign-off', state: 'passed', by };
      return (
        await at.server.send('POST', `/api/v1/deployments/${at.id}/checks`, {
          role: undefined,
          headers,
          body,
        })
      ).status;
    };
    expect([await signOff('grace'), await signOff('ada')]).toEqual([400, 201]);
  });

  it('has keys of their own for repeats: two clicks of one person are one rollback', async () => {
    const at = await scene({ allow: [{ ...ADA, users: ['ada', 'bob'] }] });
    const click = async (login: string) =>
      at.rollBack({ 'x-grafana-id': await at.signer.sign(login), 'idempotency-key': 'click-1' });
    const [first, second] = [await click('ada'), await click('ada')];
    expect([first.status, second]).toEqual([202, first]);
    expect((await click('bob')).status).toBe(409);
    expect(await auditOf(at)).toHaveLength(1);
  });
});

describe('what is no proof', () => {
  it.each([
    ['a forged one', { isForged: true }, 'signature'],
    ['one of an unknown key', { kid: 'id_2', isForged: true }, 'signature'],
    ['one for another organisation', { audience: 'org:2' }, 'organisation 1'],
    ['one of another Grafana', { issuer: 'https://evil.example.com/' }, 'it is not from'],
    ['an expired one', { endsIn: -60 }, 'expired'],
    ['one that lives too long', { endsIn: 86_400, claims: { iat: NOW_MS / 1_000 - 3_600 } }, 'expired'],
    ['one from tomorrow', { claims: { iat: NOW_MS / 1_000 + 86_400 } }, '"iat"'],
    ['one for an anonymous visitor', { claims: { sub: 'anonymous:0' } }, 'no user'],
  ])('%s is refused, and nothing else is looked at', async (_what, change, says) => {
    const at = await scene({ trustHeaders: true });
    const token = await at.signer.sign('ada', change);
    const asked = await at.rollBack({ 'x-grafana-id': token, 'x-grafana-context': at.context() });
    expect(asked).toMatchObject(refused('x-grafana-id', says));
    expect(await auditOf(at)).toEqual([]);
  });

  it('a token without a signature, or signed with the public key as a secret', async () => {
    const at = await scene();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = NOW_MS / 1_000;
    const claims = part({
      ...{ iss: `${at.signer.url}/`, aud: 'org:1', sub: 'user:uid-of-ada', username: 'ada' },
      ...{ iat: now, exp: now + 600 },
    });
    const none = `${part({ alg: 'none', kid: 'id_1' })}.${claims}.`;
    const head = part({ alg: 'HS256', kid: 'id_1' });
    const mac = createHmac('sha256', JSON.stringify(at.signer.publicJwk)).update(`${head}.${claims}`);
    const confused = `${head}.${claims}.${mac.digest('base64url')}`;
    for (const token of [none, confused, 'x', 'a.b.c', `${await at.signer.sign('ada')}x`])
      expect(await at.rollBack({ 'x-grafana-id': token })).toMatchObject(
        refused('x-grafana-id', 'signature'),
      );
  });

  it('headers alone, unless they are trusted', async () => {
    const at = await scene();
    for (const headers of [{}, { 'x-grafana-context': at.context() }, { 'x-grafana-user': 'ada' }])
      expect(await at.rollBack(headers)).toMatchObject(refused('x-grafana-id', 'is missing'));
  });

  it('headers without the token of the app', async () => {
    const at = await scene({ trustHeaders: true });
    const asked = await at.rollBack({
      authorization: `Bearer ${tokenOf('nobody')}`,
      'x-grafana-context': at.context(),
      'x-grafana-id': await at.signer.sign('ada'),
    });
    expect(asked.status).toBe(401);
  });
});
