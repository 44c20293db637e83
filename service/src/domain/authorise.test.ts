import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from './access.js';
import { authorise } from './authorise.js';
import type { Permission, Scope } from './authorise.js';

const everywhere = { project: '*', service: '*', environment: '*' };
const place = { project: 'default', service: 'checkout', environment: 'production' };

const table: readonly (readonly [Role, Readonly<Record<Permission, boolean>>])[] = [
  ['viewer', { read: true, push: false, deploy: false, rollback: false, override: false, administer: false }],
  ['pipeline', { read: true, push: true, deploy: true, rollback: false, override: false, administer: false }],
  ['operator', { read: true, push: true, deploy: true, rollback: true, override: true, administer: false }],
  ['admin', { read: true, push: true, deploy: true, rollback: true, override: true, administer: true }],
];

fc.configureGlobal({ seed: 17 });

describe('authorise', () => {
  it.each(table)('lets the role %s do exactly what the table says', (role, expected) => {
    for (const [permission, allowed] of Object.entries(expected)) {
      const answer = authorise({ role, ...everywhere }, permission as Permission, place);
      expect([permission, answer.kind]).toEqual([permission, allowed ? 'ok' : 'refused']);
    }
  });

  it.each([
    [{ project: 'default', service: '*', environment: '*' }, 'ok'],
    [{ project: 'other', service: '*', environment: '*' }, 'refused'],
    [{ project: '*', service: 'checkout', environment: '*' }, 'ok'],
    [{ project: '*', service: 'cart', environment: '*' }, 'refused'],
    [{ project: '*', service: '*', environment: 'production' }, 'ok'],
    [{ project: '*', service: '*', environment: 'staging' }, 'refused'],
    [{ project: 'default', service: 'checkout', environment: 'production' }, 'ok'],
  ] as const)('holds the scope %j to its place', (scope, kind) => {
    expect(authorise({ role: 'admin', ...scope }, 'read', place).kind).toBe(kind);
  });

  it('lets only a scope of * act on a whole project', () => {
    const scoped: Scope = { role: 'admin', project: 'default', service: 'checkout', environment: '*' };
    expect(authorise(scoped, 'administer', { project: 'default' })).toEqual({
      kind: 'refused',
      reason: 'the token is scoped to the service "checkout"',
      remedy: 'use one for "*"',
    });
    expect(authorise({ ...scoped, service: '*' }, 'administer', { project: 'default' }).kind).toBe('ok');
  });

  it('names the role that would do', () => {
    const answer = authorise({ role: 'viewer', ...everywhere }, 'rollback', place);
    expect(answer).toEqual({
      kind: 'refused',
      reason: 'the role viewer may not rollback',
      remedy: 'use a token with the role operator',
    });
  });

  it('gives an unknown role nothing', () => {
    for (const role of ['root', 'constructor', '__proto__']) {
      expect(authorise({ ...everywhere, role: role as Role }, 'read', place).kind).toBe('refused');
    }
  });

  it('never gives a narrower scope more than a wider one', () => {
    const name = fc.constantFrom('a', 'b', '*');
    const role = fc.constantFrom<Role>('viewer', 'pipeline', 'operator', 'admin');
    const permission = fc.constantFrom<Permission>(
      'read',
      'push',
      'deploy',
      'rollback',
      'override',
      'administer',
    );
    const target = fc.record({ project: fc.constantFrom('a', 'b'), service: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(
        role,
        name,
        name,
        name,
        permission,
        target,
        (theirs, project, service, environment, wanted, where) => {
          const narrow = authorise({ role: theirs, project, service, environment }, wanted, where);
          const wide = authorise({ role: theirs, ...everywhere }, wanted, where);
          expect(narrow.kind === 'ok' && wide.kind === 'refused').toBe(false);
        },
      ),
    );
  });
});
