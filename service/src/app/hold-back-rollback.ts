import type { Deployment } from '../domain/deployment.js';
import type { Rollback } from '../domain/rollback.js';
import type { Reader } from '../store/port.js';
import { controlsInForce } from './controls-in-force.js';

/**
 * An automatic rollback older than this is not carried out any more: after an outage of that length people have seen the harm and acted,
 * or the metrics have moved on, and nobody expects the service to act on what it saw back then.
 */
const STALE_AFTER_MS = 600_000;

/** Deployments of one place read to find a newer one; what was rolled back by this rollback's own deployment can stand before it. */
const NEWEST = 20;

/**
 * Why a rollback must not be carried out at this moment, though it was accepted earlier; undefined: go ahead. What a person asked for is
 * held back only by a newer deployment: the switches are for what the service does by itself.
 */
export async function whyHeldBack(
  reader: Pick<Reader, 'controls' | 'deployments'>,
  rollback: Rollback,
  deployment: Deployment,
  nowMs: number,
): Promise<string | undefined> {
  const newer = await newerDeployment(reader, deployment);
  if (newer !== undefined)
    return `deployment ${newer.id} (${newer.version}) was made meanwhile; rolling back would take it away`;
  if (!rollback.automatic) return undefined;
  const ageMs = nowMs - rollback.requestedAtMs;
  if (ageMs > STALE_AFTER_MS)
    return `it was requested ${Math.round(ageMs / 60_000)} minutes ago, and after ${STALE_AFTER_MS / 60_000} minutes people decide`;
  const controls = await controlsInForce(reader, deployment.project);
  if (controls.killSwitch)
    return `the kill switch was turned on before it was carried out${controls.killSwitchReason === undefined ? '' : `: ${controls.killSwitchReason}`}`;
  const freezeMs = controls.freezeUntilMs ?? 0;
  return freezeMs > nowMs
    ? `automatic action is frozen until ${new Date(freezeMs).toISOString()}`
    : undefined;
}

async function newerDeployment(
  reader: Pick<Reader, 'deployments'>,
  than: Deployment,
): Promise<Deployment | undefined> {
  const { project, service, environment, startedAtMs } = than;
  const { items } = await reader.deployments({
    project,
    service,
    environment,
    fromMs: startedAtMs,
    limit: NEWEST,
  });
  return items.find(
    (d) =>
      d.id !== than.id &&
      d.rollbackOf !== than.id &&
      (d.startedAtMs > startedAtMs || d.createdAtMs > than.createdAtMs),
  );
}
