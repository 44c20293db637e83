import type { Kysely } from 'kysely';
import type { Reader } from '../port.js';
import { entries } from './audit/chain.js';
import { blob } from './blobs.js';
import { checks } from './checks.js';
import { acknowledgements, incidents, notes } from './collaboration.js';
import { deployment, deployments, steps } from './deployments.js';
import { hold, lapsedHolds } from './holds.js';
import { dueOutbox, idempotent, outbox, outboxMessage } from './outbox.js';
import { personBehind } from './people.js';
import { feedback, judgedReleases, places, tuningReset } from './feedback.js';
import { freshChecks } from './fresh-checks.js';
import { releaseOutcomes } from './release-outcomes.js';
import { automaticRollbacksSince, controls, rollbacks, rollbacksIn } from './rollbacks.js';
import type { Tables } from './tables.js';
import { tokenByHash, tokens } from './tokens.js';
import { latestVerdict, latestVerdicts, verdicts } from './verdicts.js';
import { ticks, watch, watches } from './watches.js';

/** Every read of the port, each over the connection that `db` names at that moment (`db` may refuse by throwing). */
export function sqlReader(db: () => Kysely<Tables>): Reader {
  return {
    deployment: async (id) => await deployment(db(), id),
    deployments: async (query) => await deployments(db(), query),
    steps: async (deploymentId) => await steps(db(), deploymentId),
    watch: async (id) => await watch(db(), id),
    watches: async (filter) => await watches(db(), filter),
    ticks: async (watchId) => await ticks(db(), watchId),
    verdicts: async (deploymentId) => await verdicts(db(), deploymentId),
    latestVerdict: async (deploymentId) => await latestVerdict(db(), deploymentId),
    latestVerdicts: async (deploymentIds) => await latestVerdicts(db(), deploymentIds),
    blob: async (hash) => await blob(db(), hash),
    rollbacks: async (deploymentId) => await rollbacks(db(), deploymentId),
    rollbacksIn: async (states) => await rollbacksIn(db(), states),
    automaticRollbacksSince: async (project, sinceMs) =>
      await automaticRollbacksSince(db(), project, sinceMs),
    feedback: async (deploymentId) => await feedback(db(), deploymentId),
    judgedReleases: async (place, limit) => await judgedReleases(db(), place, limit),
    releaseOutcomes: async (place, range) => await releaseOutcomes(db(), place, range),
    tuningReset: async (place) => await tuningReset(db(), place),
    places: async (filter) => await places(db(), filter),
    freshChecks: async (place) => await freshChecks(db(), place),
    checks: async (deploymentId) => await checks(db(), deploymentId),
    notes: async (deploymentId) => await notes(db(), deploymentId),
    incidents: async (deploymentId) => await incidents(db(), deploymentId),
    acknowledgements: async (deploymentId) => await acknowledgements(db(), deploymentId),
    hold: async (deploymentId) => await hold(db(), deploymentId),
    lapsedHolds: async (nowMs) => await lapsedHolds(db(), nowMs),
    controls: async (project) => await controls(db(), project),
    tokenByHash: async (hash) => await tokenByHash(db(), hash),
    tokens: async () => await tokens(db()),
    audit: async (query) => await entries(db(), query),
    personBehind: async (pseudonym) => await personBehind(db(), pseudonym),
    outbox: async (query) => await outbox(db(), query),
    dueOutbox: async (nowMs, limit) => await dueOutbox(db(), nowMs, limit),
    outboxMessage: async (id) => await outboxMessage(db(), id),
    idempotent: async (project, key) => await idempotent(db(), project, key),
  };
}
