import type { Kysely } from 'kysely';
import type { Transaction } from '../port.js';
import { appendEntry } from './audit/chain.js';
import { checkpointEvery, writeCheckpoint } from './audit/checkpoint.js';
import type { AuditKey } from './audit/signing-key.js';
import { putBlob } from './blobs.js';
import { putCheck } from './checks.js';
import { insertAcknowledgement, insertIncident, insertNote, updateAcknowledgement } from './collaboration.js';
import { endStep, insertDeployment, insertStep, updateDeployment } from './deployments.js';
import { clearHold, setHold } from './holds.js';
import { enqueue, saveIdempotent, updateOutbox } from './outbox.js';
import { forget, pseudonym } from './people.js';
import { insertFeedback, insertTuningReset } from './feedback.js';
import { insertFreshCheck } from './fresh-checks.js';
import { insertRollback, setControls, updateRollback } from './rollbacks.js';
import { sqlReader } from './sql-reader.js';
import type { Tables } from './tables.js';
import { insertToken, revokeToken } from './tokens.js';
import { insertVerdict } from './verdicts.js';
import { insertTick, insertWatch, updateWatch } from './watches.js';

/** What a transaction needs besides its connection. */
export interface TransactionContext {
  readonly clock: () => number;
  readonly key: AuditKey;
  /** Told when personal data was deleted, so that copies of it can be wiped after the commit. */
  readonly onForget: () => void;
}

/** Every read and write of the port within one transaction; `db` may refuse by throwing once it is over. */
export function sqlTransaction(db: () => Kysely<Tables>, context: TransactionContext): Transaction {
  return {
    ...sqlReader(db),
    insertDeployment: async (next) => await insertDeployment(db(), next),
    updateDeployment: async (next) => await updateDeployment(db(), next),
    insertStep: async (step) => await insertStep(db(), step),
    endStep: async (deploymentId, index, endedAtMs) => await endStep(db(), deploymentId, index, endedAtMs),
    insertWatch: async (next) => await insertWatch(db(), next),
    updateWatch: async (next) => await updateWatch(db(), next),
    insertTick: async (tick) => await insertTick(db(), tick),
    insertVerdict: async (verdict) => await insertVerdict(db(), verdict),
    putBlob: async (content) => await putBlob(db(), content, context.clock()),
    insertRollback: async (next) => await insertRollback(db(), next),
    updateRollback: async (next) => await updateRollback(db(), next),
    insertFeedback: async (next) => await insertFeedback(db(), next),
    insertTuningReset: async (next) => await insertTuningReset(db(), next),
    insertFreshCheck: async (next) => await insertFreshCheck(db(), next),
    putCheck: async (next) => await putCheck(db(), next),
    insertNote: async (next) => await insertNote(db(), next),
    insertIncident: async (next) => await insertIncident(db(), next),
    insertAcknowledgement: async (next) => await insertAcknowledgement(db(), next),
    updateAcknowledgement: async (next) => await updateAcknowledgement(db(), next),
    setHold: async (next) => await setHold(db(), next),
    clearHold: async (deploymentId) => await clearHold(db(), deploymentId),
    setControls: async (project, next) => await setControls(db(), project, next),
    insertToken: async (token) => await insertToken(db(), token),
    revokeToken: async (id, atMs) => await revokeToken(db(), id, atMs),
    appendAudit: async (next) => {
      const entry = await appendEntry(db(), next);
      if (entry.sequence % checkpointEvery === 0) {
        await writeCheckpoint(db(), 'checkpoint', entry, context.key, context.clock());
      }
      return entry;
    },
    pseudonym: async (name) => await pseudonym(db(), name),
    forget: async (known) => {
      await forget(db(), known);
      context.onForget();
    },
    enqueue: async (message) => await enqueue(db(), message),
    updateOutbox: async (message) => await updateOutbox(db(), message),
    saveIdempotent: async (answer) => await saveIdempotent(db(), answer),
  };
}
