import { SHIPPED_MODEL } from '@bellwether/models';
import { authorise } from '../domain/authorise.js';
import type { Permission } from '../domain/authorise.js';
import type { Deployment, Step } from '../domain/deployment.js';
import type { OutboxMessage } from '../domain/outbox.js';
import type { Feedback } from '../domain/feedback.js';
import type { Controls, Rollback } from '../domain/rollback.js';
import type { SampleBatch } from '../domain/sample.js';
import type { Verdict, VerdictValue } from '../domain/verdict.js';
import { createFakeCollaboration } from './fake-collaboration.js';
import { fakeCalibration } from './feedback/fake-calibration.js';
import { fakeHealth } from './health/fake-health.js';
import { fakePolicy } from './fake-policy.js';
import { fakeVerdict } from './fake-verdict.js';
import { AppError } from './use-cases.js';
import type { Caller, DeploymentView, StartDeployment, UseCases, WatchProgress } from './use-cases.js';

/** The use cases over plain maps, for tests of what stands in front of them. */
export interface FakeUseCases extends UseCases {
  readonly pushed: SampleBatch[];
  readonly outboxMessages: OutboxMessage[];
  /** Writes the next verdict of a deployment and tells who listens. */
  readonly decide: (id: string, value: VerdictValue) => Verdict;
  /** Makes every following call throw; undefined ends it. */
  readonly failWith: (error: Error | undefined) => void;
  /** How many listen to verdicts now. */
  readonly listening: () => number;
}

interface Entry {
  deployment: Deployment;
  readonly steps: Step[];
  readonly verdicts: Verdict[];
  readonly rollbacks: Rollback[];
  readonly feedback: Feedback[];
  readonly listeners: Set<(verdict: Verdict) => void>;
}

/** @param clock now, in milliseconds */
export function createFakeUseCases(clock: () => number): FakeUseCases {
  const entries = new Map<string, Entry>();
  const controlsOf = new Map<string, Controls>();
  const pushed: SampleBatch[] = [];
  const outboxMessages: OutboxMessage[] = [];
  let failure: Error | undefined;

  const permit = (caller: Caller, permission: Permission, place: Parameters<typeof authorise>[2]): void => {
    if (failure !== undefined) throw failure;
    const answer = authorise(caller, permission, place);
    if (answer.kind === 'refused')
      throw new AppError('forbidden', answer.reason, { remedy: answer.remedy ?? 'ask for it' });
  };
  const found = (caller: Caller, permission: Permission, id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined)
      throw new AppError('not-found', `there is no deployment "${id}"`, { remedy: 'check the id' });
    permit(caller, permission, entry.deployment);
    return entry;
  };
  const move = (entry: Entry, state: Deployment['state']): Deployment => {
    if (entry.deployment.state !== 'running')
      throw new AppError('conflict', `the deployment is ${entry.deployment.state}`);
    const finished = { finishedAtMs: clock() };
    entry.deployment = { ...entry.deployment, ...finished, state, revision: entry.deployment.revision + 1 };
    return entry.deployment;
  };
  const decide = (id: string, value: VerdictValue): Verdict => {
    const entry = entries.get(id);
    if (entry === undefined) throw new Error(`no deployment ${id}`);
    const verdict = fakeVerdict(entry.deployment, entry.verdicts.length + 1, value, clock());
    entry.verdicts.unshift(verdict);
    for (const listener of entry.listeners) listener(verdict);
    return verdict;
  };
  const current = ({ deployment, verdicts }: Entry): Verdict =>
    verdicts[0] ?? fakeVerdict(deployment, 0, 'pending', clock());
  const view = ({ deployment, steps, verdicts, rollbacks, feedback }: Entry): DeploymentView => ({
    ...{ deployment, steps, verdicts, rollbacks, feedback, watches: [] },
    collaboration: beside.of(deployment.id),
  });
  const beside = createFakeCollaboration(clock, (caller, permission, id) => {
    const entry = found(caller, permission, id);
    return { deployment: entry.deployment, verdict: current(entry) };
  });
  const listen = (entry: Entry, listener: (verdict: Verdict) => void): (() => void) => {
    entry.listeners.add(listener);
    return () => void entry.listeners.delete(listener);
  };

  const useCases: {
    [Name in Exclude<keyof UseCases, 'under'>]: (
      ...args: Parameters<UseCases[Name]>
    ) => Awaited<ReturnType<UseCases[Name]>> | ReturnType<UseCases[Name]>;
  } = {
    startDeployment: (caller, command) => {
      permit(caller, 'deploy', command);
      const id = command.id ?? `d-${entries.size + 1}`;
      if (entries.has(id))
        throw new AppError('conflict', `the id "${id}" exists`, { field: '/id', remedy: 'use another id' });
      const deployment = fakeDeployment(id, command, clock());
      entries.set(id, {
        deployment,
        steps: [],
        verdicts: [],
        rollbacks: [],
        feedback: [],
        listeners: new Set(),
      });
      return deployment;
    },
    beginStep: (caller, id, { name = 'next', startedAtMs = clock(), ...share }) => {
      const entry = found(caller, 'deploy', id);
      const step = { deploymentId: id, index: entry.steps.length, name, startedAtMs, ...share };
      entry.steps.push(step);
      return step;
    },
    finishDeployment: (caller, id) => move(found(caller, 'deploy', id), 'finished'),
    cancelDeployment: (caller, id) => move(found(caller, 'deploy', id), 'cancelled'),
    listDeployments: (caller, query) => {
      permit(caller, 'read', query);
      const from = Number(query.cursor ?? 0);
      const all = [...entries.values()].filter(
        ({ deployment }) => query.service === undefined || deployment.service === query.service,
      );
      const items = all
        .slice(from, from + query.limit)
        .map((entry) => ({ deployment: entry.deployment, verdict: current(entry) }));
      return {
        items,
        ...(from + query.limit < all.length ? { nextCursor: String(from + query.limit) } : {}),
      };
    },
    viewDeployment: (caller, id) => view(found(caller, 'read', id)),
    reportDeployment: (caller, id) => ({
      ...view(found(caller, 'read', id)),
      ticks: [],
      audit: [],
      people: {},
    }),
    viewProgress: (caller, id) => fakeProgress(current(found(caller, 'read', id)), found(caller, 'read', id)),
    currentVerdict: (caller, id) => current(found(caller, 'read', id)),
    waitForVerdict: (caller, id, known, waitMs, signal) =>
      new Promise((resolve) => {
        const entry = found(caller, 'read', id);
        const done = (): void => {
          stop();
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve(current(entry));
        };
        const stop = listen(entry, done);
        const timer = setTimeout(done, waitMs);
        signal.addEventListener('abort', done);
        if (current(entry).sequence !== known || signal.aborted) done();
      }),
    onVerdict: (caller, id, listener) => listen(found(caller, 'read', id), listener),
    requestRollback: (caller, id, { reason, dryRun }) => {
      const entry = found(caller, 'rollback', id);
      if (reason === undefined)
        throw new AppError('invalid', 'a reason is required', { field: '/reason', remedy: 'say why' });
      const rollback = fakeRollback(id, reason, clock());
      if (!dryRun) entry.rollbacks.push(rollback);
      return rollback;
    },
    overrideContinue: (caller, id) => {
      found(caller, 'override', id);
      return decide(id, 'continue');
    },
    giveFeedback: (caller, id, { verdict, ...given }) => {
      const entry = found(caller, 'override', id);
      const note = {
        ...given,
        id: `feedback-${entry.feedback.length + 1}`,
        deploymentId: id,
        verdictId: current(entry).id,
        actor: 'person-1',
        atMs: clock(),
      };
      entry.feedback.push(note);
      return note;
    },
    resetTuning: (caller, place, reason) => {
      permit(caller, 'override', place);
      return { ...place, reason, actor: 'person-1', atMs: clock() };
    },
    tuneLearnedScorer: (caller, place) => {
      permit(caller, 'override', place);
      const comparison = { moments: 120, baseAuc: 0.86, tunedAuc: 0.865, low: -0.004, high: 0.014 };
      return { isUsed: false, model: SHIPPED_MODEL, reason: 'It is not better for certain.', comparison };
    },
    revertLearnedScorer: (caller, place) => {
      permit(caller, 'override', place);
      return { isUsed: false, model: SHIPPED_MODEL, reason: 'The shipped model was in use already.' };
    },
    viewCalibration: (caller, { environment = 'production', ...service }) => {
      permit(caller, 'read', { ...service, environment });
      return [fakeCalibration({ ...service, environment }, clock())];
    },
    viewHealth: (caller, { project, fromMs, toMs }) => {
      permit(caller, 'read', { project });
      return { items: [fakeHealth(project, fromMs, toMs)] };
    },
    ...beside.useCases,
    pushSamples: (caller, batches) => {
      for (const { project } of batches) permit(caller, 'push', { project });
      pushed.push(...batches);
      return { stored: batches.reduce((sum, batch) => sum + batch.timesMs.length, 0), replaced: 0 };
    },
    writeSamples: (caller, batches) => {
      for (const { project } of batches) permit(caller, 'push', { project });
      pushed.push(...batches);
      const stored = batches.reduce((sum, batch) => sum + batch.timesMs.length, 0);
      return { stored, replaced: 0, refusals: [] };
    },
    discover: (caller, { project, service, source = 'push' }) => {
      permit(caller, 'read', { project, service });
      return { source, series: 0, metrics: [], notes: {} };
    },
    controls: (caller, project) => {
      permit(caller, 'read', { project });
      return controlsOf.get(project) ?? { killSwitch: false };
    },
    setControls: (caller, project, controls) => {
      permit(caller, 'administer', { project });
      controlsOf.set(project, controls);
      return controls;
    },
    outbox: (caller, { state }) => {
      permit(caller, 'administer', { project: caller.project });
      return outboxMessages.filter((message) => state === undefined || message.state === state);
    },
    redeliver: (caller, messageId) => {
      permit(caller, 'administer', { project: caller.project });
      if (!outboxMessages.some(({ id }) => id === messageId))
        throw new AppError('not-found', `there is no message "${messageId}"`);
    },
  };
  const failing = { failWith: (error: Error | undefined) => void (failure = error) };
  const listening = (): number => [...entries.values()].reduce((sum, entry) => sum + entry.listeners.size, 0);
  const calls = asynchronous(useCases);
  const under: UseCases['under'] = (caller, { revision }) =>
    asynchronous(calls, () => {
      revision?.check(found(caller, 'read', revision.deploymentId).deployment.revision);
    });
  return { ...calls, under, ...failing, pushed, outboxMessages, decide, listening };
}

/** What a use case throws must arrive as a rejection, as it does from the real thing; so must what is checked before it runs. */
function asynchronous(useCases: object, check: () => void = () => undefined): Omit<UseCases, 'under'> {
  const wrapped = Object.entries(useCases).map(([name, run]: [string, (...args: unknown[]) => unknown]) => [
    name,
    async (...args: unknown[]) => {
      check();
      return await run(...args);
    },
  ]);
  return Object.fromEntries(wrapped) as UseCases;
}

function fakeDeployment(id: string, { startedAtMs, ...command }: StartDeployment, nowMs: number): Deployment {
  const times = { startedAtMs: startedAtMs ?? nowMs, createdAtMs: nowMs };
  const plannedSteps = command.plannedSteps.length > 0 ? command.plannedSteps : [{ name: 'full' }];
  return {
    ...command,
    ...times,
    id,
    plannedSteps,
    policy: fakePolicy,
    state: 'running',
    actor: 'person-1',
    revision: 1,
  };
}

function fakeProgress(verdict: Verdict, { deployment }: Entry): WatchProgress {
  const { findings, reasons, stillNeeded } = verdict;
  return { deployment, verdict, ticks: [], findings, reasons, stillNeeded };
}

function fakeRollback(deploymentId: string, reason: string, nowMs: number): Rollback {
  const state = { state: 'requested', automatic: false, attempts: 0, revision: 1 } as const;
  return {
    ...state,
    id: `r-${deploymentId}`,
    deploymentId,
    reason,
    actor: 'person-1',
    executor: 'none',
    requestedAtMs: nowMs,
  };
}
