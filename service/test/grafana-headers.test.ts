import { afterEach, describe, expect, it } from 'vitest';
import { ADA, auditOf, closeScenes, refused, scene } from './grafana-people-scene.js';

afterEach(closeScenes);

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
