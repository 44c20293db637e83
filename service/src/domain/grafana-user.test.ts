import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grafanaRole, placesFor, type GrafanaRule, type GrafanaUser } from './grafana-user.js';

const rule = (change: Partial<GrafanaRule>): GrafanaRule => ({
  ...{ users: [], grafanaRoles: [], project: '*', service: '*', environment: '*' },
  ...change,
});
const ada: GrafanaUser = { login: 'ada', subject: 'user:u1', role: 'Editor', proof: 'grafana-id' };

describe('the places of a person', () => {
  it('are those of every rule that names the login, the subject or the role', () => {
    const rules = [
      rule({ users: ['ada'], service: 'cart' }),
      rule({ users: ['user:u1'], service: 'search' }),
      rule({ grafanaRoles: ['Editor'], environment: 'staging' }),
      rule({ users: ['bob', 'user:u2'], grafanaRoles: ['Admin'] }),
    ];
    expect(placesFor(ada, rules)).toEqual([
      { project: '*', service: 'cart', environment: '*' },
      { project: '*', service: 'search', environment: '*' },
      { project: '*', service: '*', environment: 'staging' },
    ]);
  });

  it('are none for whom no rule names, whatever they are called', () => {
    const rules = [rule({ users: ['ada', 'user:u1', 'service-account:s1'], grafanaRoles: ['Admin'] })];
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('user:u1', 'service-account:s1', 'Ada', 'ada ', '*', 'Admin')),
        (login) => {
          fc.pre(login !== 'ada');
          expect(placesFor({ login, role: 'Editor', proof: 'grafana-context' }, rules)).toEqual([]);
        },
      ),
    );
  });

  it('need a known role', () => {
    expect(['Editor', 'editor', 'None', 'Owner', 7, undefined].map(grafanaRole)).toEqual([
      'Editor',
      ...Array.from({ length: 5 }, () => undefined),
    ]);
  });
});
