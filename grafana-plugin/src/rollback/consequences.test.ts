import { describe, expect, it } from 'vitest';
import { listedDeployment, NOON_MS, wireVerdict } from '../verdicts/region.test-support.js';
import type { DeploymentDetail, ListedDeployment, Rollback } from '../verdicts/wire.js';
import { consequencesOf } from './consequences.js';

const rehearsal: Rollback = {
  id: 'dry-run',
  deploymentId: 'd-1',
  state: 'requested',
  automatic: false,
  reason: '',
  actor: 'ada',
  executor: 'shop',
  attempts: 0,
  requestedAt: new Date(NOON_MS).toISOString(),
  revision: 0,
};
const detail = (change: Partial<DeploymentDetail> = {}): DeploymentDetail => ({
  ...listedDeployment(),
  steps: [],
  watches: [],
  verdicts: [wireVerdict()],
  rollbacks: [],
  feedback: [],
  checks: [],
  notes: [],
  incidents: [],
  acknowledgements: [],
  ...change,
});
const stops = (
  change: Partial<DeploymentDetail> = {},
  later: readonly ListedDeployment[] = [],
  rehearsed: Partial<Rollback> = {},
): readonly string[] =>
  consequencesOf({ deployment: detail(change), later, rehearsal: { ...rehearsal, ...rehearsed } })
    .filter(({ weight }) => weight === 'stop')
    .map(({ text }) => text);

describe('what should be known before a rollback', () => {
  it('is nothing grave for a plain release', () => {
    expect(stops()).toEqual([]);
  });

  it.each([
    [
      'a migration that cannot be reversed',
      { migration: { reversible: false, description: 'drops "x"' } },
      'drops "x"',
    ],
    ['no version to return to', { previousVersion: undefined }, 'no version to return to'],
    [
      'a hold on rollbacks',
      {
        hold: {
          deploymentId: 'd-1',
          reason: 'freeze',
          stopsRollback: true,
          by: { token: 't', role: 'operator' },
          since: '',
        },
      },
      'freeze',
    ],
    ['a rollback of a rollback', { rollbackOf: 'd-0' }, 'itself a rollback'],
    [
      'a shift that began before',
      { verdicts: [wireVerdict({ brakes: [{ brake: 'began-before', text: 'It began at 11:40.' }] })] },
      'It began at 11:40.',
    ],
  ] as const)('%s', (_name, change, text) => {
    expect(stops(change as Partial<DeploymentDetail>).join()).toContain(text);
  });

  it('a migration that can be reversed is a note', () => {
    expect(stops({ migration: { reversible: true } })).toEqual([]);
  });

  it('names what was deployed since and depends on it, and nothing else', () => {
    const dependsOn = [{ service: 'checkout' }];
    const later = [
      listedDeployment({ id: 'd-2', service: 'cart', version: 'v9', dependsOn }, 5),
      listedDeployment({ id: 'd-3', service: 'before', dependsOn }, -5),
      listedDeployment({ id: 'd-4', service: 'other', dependsOn: [{ service: 'db' }] }, 5),
      listedDeployment(
        { id: 'd-5', service: 'elsewhere', dependsOn: [{ service: 'checkout', environment: 'test' }] },
        5,
      ),
    ];
    expect(stops({}, later)).toEqual(['cart v9 was deployed since and depends on this service.']);
  });

  it('says when the service would refuse', () => {
    expect(stops({}, [], { state: 'refused', detail: 'it is superseded' }).join()).toContain(
      'it is superseded',
    );
  });

  it('puts the gravest first', () => {
    const weights = consequencesOf({ deployment: detail({ rollbackOf: 'x' }), later: [], rehearsal }).map(
      ({ weight }) => weight,
    );
    expect(weights).toEqual(['stop', 'note', 'note']);
  });
});
