import { say } from '../words/say.js';
import type { DeploymentDetail, ListedDeployment, Rollback } from '../verdicts/wire.js';

/** What somebody should know before rolling back; `stop` marks what speaks against it or makes it impossible. */
export interface Consequence {
  readonly weight: 'stop' | 'note';
  readonly text: string;
}

/** What is known before a rollback: the deployment, later ones of its environment, and the service's own rehearsal. */
export interface RollbackFacts {
  readonly deployment: DeploymentDetail;
  readonly later: readonly ListedDeployment[];
  readonly rehearsal: Rollback;
}

/** Everything that a person should weigh, the gravest first. */
export function consequencesOf({ deployment, later, rehearsal }: RollbackFacts): readonly Consequence[] {
  const said: (Consequence | undefined)[] = [
    rehearsal.state === 'refused'
      ? stop(say('consequence.refused', { detail: rehearsal.detail ?? '' }))
      : undefined,
    migrationOf(deployment),
    beganBefore(deployment),
    deployment.hold?.stopsRollback === true
      ? stop(say('consequence.hold', { reason: deployment.hold.reason }))
      : undefined,
    ...later
      .filter(isDependant(deployment))
      .map(({ service, version }) => stop(say('consequence.dependant', { service, version }))),
    deployment.previousVersion === undefined ? stop(say('consequence.no-revision')) : undefined,
    deployment.rollbackOf === undefined ? undefined : stop(say('consequence.is-rollback')),
    note(say('consequence.executor', { executor: rehearsal.executor })),
    note(say('consequence.watched')),
  ];
  return said.filter((consequence) => consequence !== undefined).toSorted(gravestFirst);
}

function migrationOf({ migration }: DeploymentDetail): Consequence | undefined {
  if (migration === undefined) return undefined;
  const description = migration.description ?? say('consequence.migration-unnamed');
  return migration.reversible
    ? note(say('consequence.migration-reversible', { description }))
    : stop(say('consequence.migration-irreversible', { description }));
}

function beganBefore({ verdicts }: DeploymentDetail): Consequence | undefined {
  const judged = verdicts.find(({ metrics }) => metrics.length > 0);
  const brake = judged?.brakes.find(
    (one) => one.brake === 'began-before' || one.brake === 'other-deployment',
  );
  if (brake !== undefined) return stop(brake.text);
  if (judged?.attribution?.onset?.beforeDeployment === true) return stop(say('consequence.began-before'));
  return undefined;
}

function isDependant(deployment: DeploymentDetail): (other: ListedDeployment) => boolean {
  return ({ dependsOn, startedAt, id }) =>
    id !== deployment.id &&
    Date.parse(startedAt) >= Date.parse(deployment.startedAt) &&
    dependsOn.some(
      ({ service, environment }) =>
        service === deployment.service && (environment ?? deployment.environment) === deployment.environment,
    );
}

function stop(text: string): Consequence {
  return { weight: 'stop', text };
}

function note(text: string): Consequence {
  return { weight: 'note', text };
}

function gravestFirst(a: Consequence, b: Consequence): number {
  return Number(b.weight === 'stop') - Number(a.weight === 'stop');
}
