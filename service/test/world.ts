import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attribute, type Assessment, type CalibrationSummary } from '@bellwether/models';
import { policyInput, type PolicyInput } from '../src/api/policy.js';
import type { AppContext } from '../src/app/context.js';
import { fixedPolicies } from '../src/app/policy-lookup.js';
import { createUseCases } from '../src/app/create-use-cases.js';
import { createLookTroubles } from '../src/app/evaluate/look-troubles.js';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import { pushOnly } from '../src/app/sources.test-support.js';
import type { Sources } from '../src/app/source-for.js';
import type { Caller, StartDeployment } from '../src/app/use-cases.js';
import { createVerdictFeed } from '../src/app/verdict-feed.js';
import type { Policy } from '../src/domain/policy.js';
import type { Engine } from '../src/engine/port.js';
import { createPushSource } from '../src/sources/push/source.js';
import type { Store } from '../src/store/port.js';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.js';
import { errorPolicy } from './traffic.js';

export const ADMIN: Caller = {
  name: 'ada',
  role: 'admin',
  project: '*',
  service: '*',
  environment: '*',
  authentication: 'token:test',
};

const SUMMARY: CalibrationSummary = {
  guarantee: 'placebo',
  placebos: 100,
  effectivePlacebos: 60,
  historyMs: 1e6,
  reasons: [],
};

/** What the science would say at the next look. */
export function assessment(
  value: Assessment['value'],
  look: number,
  change: Partial<Assessment> = {},
): Assessment {
  const p = value === 'rollback' ? 0.001 : 0.8;
  return {
    look,
    value,
    rule: value === 'rollback' ? 'calibrated-evidence' : value === 'pending' ? 'watching' : 'bounded-harm',
    guarantee: 'placebo',
    p,
    pExtrapolated: false,
    harmProbability: value === 'rollback' ? 0.97 : 0.02,
    reasons: [{ code: 'test', text: `the science says ${value}` }],
    stillNeeded: [],
    metrics: [],
    carried: { peak: 1, criticalPeak: 0, p },
    ...change,
  };
}

/** Use cases over a real store, with a clock set by hand and a science that says what it is told. */
export async function createWorld(
  options: {
    readonly policy?: Partial<PolicyInput>;
    readonly endpoints?: AppContext['endpoints'];
    readonly executors?: AppContext['executors'];
    /** The real science instead of a scripted one. */
    readonly engine?: Engine;
    /** Instead of pushed samples alone. */
    readonly sources?: (store: Store) => Sources;
  } = {},
) {
  let nowMs = Date.UTC(2026, 0, 15, 12);
  let ids = 0;
  let verdict: Assessment['value'] = 'pending';
  let detail: Partial<Assessment> = {};
  const calibrated = new Set<string>();
  const scripted: Engine = {
    calibrate: (watchId) => {
      calibrated.add(watchId);
      return Promise.resolve(SUMMARY);
    },
    assess: (_watchId, _live, look) => Promise.resolve(assessment(verdict, look, detail)),
    attribute: (input) => Promise.resolve(attribute(input)),
    isCalibrated: (watchId) => calibrated.has(watchId),
    release: (watchId) => void calibrated.delete(watchId),
    close: () => Promise.resolve(),
  };
  const store = await openSqliteStore({
    file: join(mkdtempSync(join(tmpdir(), 'bellwether-world-')), 'world.db'),
    clock: () => nowMs,
  });
  const policy: Policy = policyInput.parse({
    ...errorPolicy(),
    name: 'default',
    mode: 'act',
    executor: 'shop',
    ...options.policy,
  });
  const ctx: AppContext = {
    store,
    sources: options.sources?.(store) ?? pushOnly(createPushSource(store.samples)),
    engine: options.engine ?? scripted,
    feed: createVerdictFeed(),
    troubles: createLookTroubles(),
    policies: fixedPolicies({ default: policy }),
    executors: options.executors ?? new Map([['shop', { project: '*', service: '*', environment: '*' }]]),
    endpoints: options.endpoints ?? [],
    publicUrl: 'http://bellwether.test',
    clock: () => nowMs,
    newId: () => `id-${(ids += 1)}`,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    limits: { maxSeriesPerProject: 1_000 },
    wake: () => undefined,
    reopenEndpoint: () => undefined,
  };
  const useCases = createUseCases(ctx, () => undefined);

  /** Takes the next look of a deployment's running watch with the verdict given. */
  const look = async (deploymentId: string, says: Assessment['value'], change: Partial<Assessment> = {}) => {
    verdict = says;
    detail = change;
    const [watch] = await store.watches({ deploymentId, state: 'watching' });
    const deployment = await store.deployment(deploymentId);
    const step = (await store.steps(deploymentId)).find((s) => s.index === watch?.stepIndex);
    if (!watch || !deployment || !step) throw new Error('nothing is watched');
    const runner = createWatchRunner(ctx, deployment, step, watch);
    await runner.advance();
    nowMs = Math.max(nowMs, watch.changeAtMs + (watch.lastLook + 1) * watch.intervalMs + watch.settleMs);
    return runner.advance();
  };

  return {
    ctx,
    store,
    useCases,
    look,
    start: (change: Partial<StartDeployment> = {}, caller = ADMIN) =>
      useCases.startDeployment(caller, {
        project: 'default',
        service: 'cart',
        environment: 'prod',
        version: 'v2',
        previousVersion: 'v1',
        strategy: 'rolling',
        change: { kind: 'code' },
        dependsOn: [],
        labels: {},
        links: [],
        plannedSteps: [],
        ...change,
      }),
    wait: (ms: number) => (nowMs += ms),
    nowMs: () => nowMs,
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
