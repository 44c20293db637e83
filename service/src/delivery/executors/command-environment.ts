import type { RollbackOrder } from '../port.js';

/**
 * The whole environment of a rollback command: `PATH` and what it may want to know. Nothing of the server's own environment
 * goes along, because that holds its secrets.
 *
 * A program that must not act twice keeps `BELLWETHER_ROLLBACK_ID`: the same id means the same order.
 */
export function commandEnvironment(
  { rollback, deployment }: RollbackOrder,
  path: string,
): Readonly<Record<string, string>> {
  const known: Readonly<Record<string, string | undefined>> = {
    ROLLBACK_ID: rollback.id,
    REASON: rollback.reason,
    AUTOMATIC: String(rollback.automatic),
    REQUESTED_BY: rollback.actor,
    DEPLOYMENT_ID: deployment.id,
    PROJECT: deployment.project,
    SERVICE: deployment.service,
    ENVIRONMENT: deployment.environment,
    VERSION: deployment.version,
    PREVIOUS_VERSION: deployment.previousVersion,
    STRATEGY: deployment.strategy,
    COMMIT: deployment.change.commit,
  };
  const environment: Record<string, string> = { PATH: path };
  for (const [name, value] of Object.entries(known)) {
    if (value !== undefined) environment[`BELLWETHER_${name}`] = oneLine(value);
  }
  return environment;
}

/** No value may hold a NUL, and a line break would let free text pose as further variables in what scripts print. */
const oneLine = (value: string) => value.replace(/\p{Cc}/gu, ' ').slice(0, 4_000);
