import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { composeGrafanaApps } from '../src/compose-grafana-apps.js';
import type { GrafanaAppSettings } from '../src/config/grafana-apps.js';
import type { AccessToken } from '../src/domain/access.js';
import { createAuthenticate, hashToken } from '../src/http/authenticate.js';
import { NOW_MS, startTestServer, tokenOf, type TestServer } from '../src/http/test-server.js';
import { startGrafanaSigner, type GrafanaSigner } from './grafana-signer.js';
import { createWorld, type World } from './world.js';

const APP: AccessToken = {
  ...{ id: 'app', name: 'grafana app', role: 'operator', hash: hashToken(tokenOf('app')), createdAtMs: 0 },
  ...{ project: '*', service: '*', environment: '*' },
};
const ADA = { users: ['ada'], grafanaRoles: [], project: '*', service: 'cart', environment: '*' };

interface Scene {
  readonly world: World;
  readonly server: TestServer;
  readonly signer: GrafanaSigner;
  readonly id: string;
  /** Asks for a rollback through the app, with these headers. */
  rollBack(
    headers: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  readonly context: (change?: object) => string;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function scene(app: Partial<GrafanaAppSettings> = {}, egress = ['127.0.0.0/8']): Promise<Scene> {
  const signer = await startGrafanaSigner(NOW_MS);
  const world = await createWorld({ policy: { mode: 'recommend' } });
  const settings: GrafanaAppSettings = {
    ...{ tokenId: 'app', field: '/tokens/0/grafana', org: 1, trustHeaders: false, allow: [ADA] },
    signed: { issuer: signer.url, keysUrl: `${signer.url}/api/signing-keys/keys` },
    ...app,
  };
  const server = await startTestServer({
    useCases: world.useCases,
    authenticate: createAuthenticate({
      tokenByHash: (hash) => Promise.resolve(hash === APP.hash ? APP : undefined),
      clock: () => NOW_MS,
      grafanaApps: composeGrafanaApps([settings], egress, () => NOW_MS),
    }),
  });
  open.push(
    () => world.store.close(),
    () => server.close(),
    () => signer.close(),
  );
  const { id } = await world.start();
  return {
    ...{ world, server, signer, id },
    async rollBack(headers, body = { reason: 'errors went up' }) {
      const authorization = `Bearer ${tokenOf('app')}`;
      const response = await server.send('POST', `/api/v1/deployments/${id}/rollback`, {
        role: undefined,
        headers: { authorization, ...headers },
        body,
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    context: (change = {}) =>
      JSON.stringify({ UserID: 7, OrgID: 1, OrgRole: 'Editor', Login: 'ada', Name: 'Ada', ...change }),
  };
}

const auditOf = async ({ world, id }: Scene) =>
  (await world.store.audit({ deploymentId: id, limit: 99 })).filter(
    ({ action }) => action === 'rollback.request',
  );
const refused = (header: string, says: string) => ({
  status: 403,
  body: {
    type: 'urn:bellwether:problem:unknown-person',
    errors: [
      {
        header,
        detail: expect.stringContaining(says) as string,
        remedy: expect.stringMatching(/\S/) as string,
      },
    ],
  },
});

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

describe('headers that are trusted', () => {
  it('name the person, and the record says that it was a header', async () => {
    for (const header of ['x-grafana-context', 'x-grafana-user'] as const) {
      const at = await scene({ trustHeaders: true });
      const value = header === 'x-grafana-user' ? 'ada' : at.context();
      expect((await at.rollBack({ [header]: value })).status).toBe(202);
      expect((await auditOf(at))[0]?.authentication).toBe(`token:app ${header.slice(2)}`);
    }
  });

  it.each([
    ['of nobody', { Login: '' }],
    ['of an anonymous visitor', { IsAnonymous: true }],
    ['of another organisation', { OrgID: 2 }],
    ['with a number for a name', { Login: 7 }],
    ['with an invisible name', { Login: 'ada\u200b' }],
    ['with a name that turns the text around', { Login: '\u202eada' }],
    ['with a line break', { Login: 'ada\nroot' }],
    ['with spaces around', { Login: ' ada' }],
    ['with an endless name', { Login: 'a'.repeat(201) }],
  ])('are refused %s', async (_what, change) => {
    const at = await scene({ trustHeaders: true });
    // As Go writes it: UTF-8 bytes in the header.
    const header = Buffer.from(at.context(change)).toString('latin1');
    expect((await at.rollBack({ 'x-grafana-context': header })).status).toBe(403);
    expect(await auditOf(at)).toEqual([]);
  });

  it('keep a name that is not Latin whole, and one that is markup harmless', async () => {
    for (const login of ['Żaneta', '<img src=x onerror=alert(1)>', 'grafana app']) {
      const at = await scene({ trustHeaders: true, allow: [{ ...ADA, users: [login] }] });
      const header = Buffer.from(at.context({ Login: login })).toString('latin1');
      expect((await at.rollBack({ 'x-grafana-context': header })).status).toBe(202);
      const [entry] = await auditOf(at);
      expect(await at.world.store.personBehind(entry?.actor ?? '')).toBe(`grafana:${login}`);
    }
  });

  it('must name the same person as the signed token, for whose role they are asked', async () => {
    const rule = { ...ADA, users: [], grafanaRoles: ['Admin' as const] };
    const at = await scene({ trustHeaders: true, allow: [rule] });
    const id = await at.signer.sign('eve', { claims: { role: undefined } });
    const other = await at.rollBack({
      'x-grafana-id': id,
      'x-grafana-context': at.context({ OrgRole: 'Admin' }),
    });
    expect(other).toMatchObject(refused('x-grafana-context', 'another person'));
    const own = at.context({ Login: 'eve', OrgRole: 'Admin' });
    expect((await at.rollBack({ 'x-grafana-id': id, 'x-grafana-context': own })).status).toBe(202);
  });
});

describe("Grafana's keys", () => {
  it('are read once for many requests', async () => {
    const at = await scene();
    for (const login of ['ada', 'eve', 'bob'])
      await at.rollBack({ 'x-grafana-id': await at.signer.sign(login) });
    expect(at.signer.timesAsked()).toBe(1);
  });

  it('that cannot be had refuse for now, and reading goes on', async () => {
    const at = await scene();
    at.signer.answerWith(500);
    const asked = await at.rollBack({ 'x-grafana-id': await at.signer.sign('ada') });
    expect([asked.status, JSON.stringify(asked.body)]).toEqual([503, expect.stringContaining('keysUrl')]);
    at.signer.answerWith(200);
    expect((await at.rollBack({ 'x-grafana-id': await at.signer.sign('ada') })).status).toBe(202);
  });

  it('are only read where egress lets it', async () => {
    await expect(scene({}, [])).rejects.toThrow('/tokens/0/grafana/keysUrl');
  });
});
