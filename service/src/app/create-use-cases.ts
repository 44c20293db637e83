import { redelivered } from '../domain/outbox-lane.js';
import { audit } from './audit-trail.js';
import { acknowledge } from './collaborate/acknowledge.js';
import { holdDeployment, proceedDeployment } from './collaborate/hold-deployment.js';
import { viewChecks } from './collaborate/read-collaboration.js';
import { reportCheck } from './collaborate/report-check.js';
import { addNote, linkIncident } from './collaborate/write-down.js';
import { conditionalStore } from './conditional-store.js';
import type { AppContext } from './context.js';
import { discover } from './discovery/discover.js';
import { giveFeedback } from './feedback/give-feedback.js';
import { resetTuning } from './feedback/reset-tuning.js';
import { revertLearnedScorer, tuneLearnedScorer } from './learned/tune-learned-scorer.js';
import { viewCalibration } from './feedback/view-calibration.js';
import { beginStep, cancelDeployment, finishDeployment } from './move-deployment.js';
import { viewHealth } from './health/view-health.js';
import { overrideContinue } from './override-continue.js';
import { permit, permittedDeployment } from './permit.js';
import { pushSamples } from './push-samples.js';
import {
  currentVerdict,
  listDeployments,
  reportDeployment,
  viewDeployment,
  waitForVerdict,
  type LiveEvidence,
} from './read-deployment.js';
import { writeSamples } from './write-samples.js';
import { viewProgress } from './view-progress.js';
import { requestRollback } from './request-rollback.js';
import { startDeployment } from './start-deployment.js';
import { AppError, type Caller, type UseCases } from './use-cases.js';

/** The use cases over one context. */
export function createUseCases(ctx: AppContext, liveEvidence: LiveEvidence): UseCases {
  return {
    under: (caller, conditions) =>
      createUseCases(
        { ...ctx, store: conditionalStore(ctx.store, ctx.clock, caller, conditions) },
        liveEvidence,
      ),
    startDeployment: (caller, command) => startDeployment(ctx, caller, command),
    beginStep: (caller, id, step) => beginStep(ctx, caller, id, step),
    finishDeployment: (caller, id) => finishDeployment(ctx, caller, id),
    cancelDeployment: (caller, id, reason) => cancelDeployment(ctx, caller, id, reason),
    listDeployments: (caller, query) => listDeployments(ctx, caller, query),
    viewDeployment: (caller, id) => viewDeployment(ctx, caller, id),
    reportDeployment: (caller, id) => reportDeployment(ctx, liveEvidence, caller, id),
    viewProgress: (caller, id) => viewProgress(ctx, liveEvidence, caller, id),
    currentVerdict: (caller, id) => currentVerdict(ctx, caller, id),
    waitForVerdict: (caller, id, known, waitMs, signal) =>
      waitForVerdict(ctx, caller, id, known, waitMs, signal),
    async onVerdict(caller, id, listener) {
      await permittedDeployment(ctx.store, caller, 'read', id);
      return ctx.feed.listen(id, listener);
    },
    requestRollback: (caller, id, request) => requestRollback(ctx, caller, id, request),
    overrideContinue: (caller, id, request) => overrideContinue(ctx, caller, id, request),
    giveFeedback: (caller, id, request) => giveFeedback(ctx, caller, id, request),
    resetTuning: (caller, place, reason) => resetTuning(ctx, caller, place, reason),
    tuneLearnedScorer: (caller, place, reason) => tuneLearnedScorer(ctx, caller, place, reason),
    revertLearnedScorer: (caller, place, reason) => revertLearnedScorer(ctx, caller, place, reason),
    viewCalibration: (caller, query) => viewCalibration(ctx, caller, query),
    viewHealth: (caller, query) => viewHealth(ctx, caller, query),
    reportCheck: (caller, id, report) => reportCheck(ctx, caller, id, report),
    viewChecks: (caller, id) => viewChecks(ctx, caller, id),
    hold: (caller, id, request) => holdDeployment(ctx, caller, id, request),
    proceed: (caller, id, request) => proceedDeployment(ctx, caller, id, request),
    acknowledge: (caller, id, request) => acknowledge(ctx, caller, id, request),
    addNote: (caller, id, request) => addNote(ctx, caller, id, request),
    linkIncident: (caller, id, request) => linkIncident(ctx, caller, id, request),
    async onActivity(caller, id, listener) {
      await permittedDeployment(ctx.store, caller, 'read', id);
      return ctx.feed.listenActivity(id, listener);
    },
    pushSamples: (caller, batches) => pushSamples(ctx, caller, batches),
    writeSamples: (caller, batches) => writeSamples(ctx, caller, batches),
    discover: (caller, query) => discover(ctx, caller, query),
    async controls(caller, project) {
      permit(caller, 'read', { project, ...ownScope(caller) });
      return ctx.store.controls(project);
    },
    async setControls(caller, project, controls) {
      permit(caller, 'administer', { project });
      await ctx.store.transaction(async (tx) => {
        await tx.setControls(project, controls);
        await audit(ctx, tx, caller, 'controls.set', { project }, { ...controls });
      });
      return controls;
    },
    async outbox(caller, query) {
      permit(caller, 'administer', { project: '*' });
      return ctx.store.outbox(query);
    },
    redeliver: (caller, messageId) => redeliver(ctx, caller, messageId),
  };
}

/** Reading what holds for a whole project needs no more than any place in it. */
function ownScope(caller: Caller): { readonly service?: string; readonly environment?: string } {
  return {
    ...(caller.service === '*' ? {} : { service: caller.service }),
    ...(caller.environment === '*' ? {} : { environment: caller.environment }),
  };
}

async function redeliver(ctx: AppContext, caller: Caller, messageId: string): Promise<void> {
  permit(caller, 'administer', { project: '*' });
  const endpoint = await ctx.store.transaction(async (tx) => {
    const message = await tx.outboxMessage(messageId);
    if (message === undefined)
      throw new AppError('not-found', `there is no message "${messageId}"`, {
        remedy: 'GET /api/v1/outbox lists them',
      });
    if (message.state !== 'dead')
      throw new AppError('conflict', `only a dead message can be sent again; this one is ${message.state}`, {
        remedy: message.state === 'waiting' ? 'wait; it is retried by itself' : 'nothing is left to do',
      });
    await tx.updateOutbox(redelivered(message, ctx.clock()));
    const detail = { message: messageId, endpoint: message.endpoint };
    await audit(ctx, tx, caller, 'outbox.redeliver', { project: caller.project }, detail);
    return message.endpoint;
  });
  ctx.reopenEndpoint(endpoint);
  ctx.wake('outbox');
}
