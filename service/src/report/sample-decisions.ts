import type { Verdict } from '../domain/verdict.js';
import type { ReportPage } from './report-page.js';
import { changeAtMs, minuteMs, sampleEvidence, samplePlot } from './sample-plot.js';
import {
  sampleDeployment,
  sampleFinding,
  sampleReport,
  sampleVerdict,
  sampleWatch,
} from './sample-report.js';
import {
  firstVerdict,
  harmedShop,
  quietFindings,
  rollbackVerdict,
  shopPolicy,
  watchedShop,
  without,
} from './sample-shop.js';

const quiet = { p: 0.42, harmProbability: 0.02, confidence: 0.98, findings: quietFindings };
const steps = [
  { name: 'canary 5 %', trafficShare: 0.05 },
  { name: 'canary 25 %', trafficShare: 0.25 },
  { name: 'half', trafficShare: 0.5 },
  { name: 'full', trafficShare: 1 },
];

/** A verdict that no look produced: it carries no findings. */
function unjudged(value: Verdict['value'], rule: Verdict['rule'], text: string): Verdict {
  return without(
    sampleVerdict({
      sequence: 3,
      value,
      rule,
      guarantee: 'none',
      p: 1,
      harmProbability: 0.1,
      findings: [],
      reasons: [{ code: rule, text }],
    }),
    'confidence',
    'evidenceHash',
    'calibration',
  );
}

const missing = without(
  sampleFinding({
    name: 'latency p95',
    status: 'insufficient',
    unit: '',
    contribution: 0,
    coverage: 0.31,
    text: 'latency p95 has samples in 31 % of intervals; 80 % are needed',
  }),
  'effect',
  'p',
  'onsetAtMs',
  'baseline',
  'scorer',
);

const inconclusive = without(
  sampleVerdict({
    value: 'inconclusive',
    rule: 'not-enough-data',
    guarantee: 'none',
    p: 0.3,
    harmProbability: 0.14,
    findings: [missing, ...quietFindings.filter((finding) => finding.name !== 'latency p95')],
    reasons: [{ code: 'coverage', text: 'latency p95 is required and has too few samples' }],
    stillNeeded: [{ code: 'samples', text: 'samples of latency p95 in at least 80 % of intervals' }],
  }),
  'confidence',
);

/** Every state that is not a rollback's, by name. */
export const decisionStates = {
  'no-verdict': sampleReport({
    verdicts: [],
    ticks: [],
    watches: [sampleWatch({ state: 'watching', lastLook: 0 })],
    deployment: sampleDeployment({ policy: shopPolicy }),
  }),
  pending: watchedShop,
  'continue-proof': {
    ...watchedShop,
    watches: [
      sampleWatch({ lastLook: 30 }),
      sampleWatch({ id: 'w-2', kind: 'late-regression', state: 'watching', lastLook: 31, firstLook: 31 }),
    ],
    verdicts: [
      sampleVerdict({
        ...quiet,
        look: 30,
        value: 'continue',
        rule: 'bounded-harm',
        reasons: [{ code: 'bounded', text: 'every required metric’s harm is bounded below its tolerance' }],
      }),
      firstVerdict,
    ],
  },
  'continue-absence': {
    ...watchedShop,
    deployment: sampleDeployment({ policy: shopPolicy, state: 'finished' }),
    watches: [sampleWatch({ lastLook: 60 })],
    verdicts: [
      sampleVerdict({
        ...quiet,
        look: 12,
        value: 'continue',
        rule: 'watch-ended-without-evidence',
        reasons: [
          { code: 'quiet', text: 'the watch ended with data in 98 % of intervals and no evidence of harm' },
        ],
      }),
      firstVerdict,
    ],
  },
  inconclusive: {
    ...harmedShop,
    deployment: sampleDeployment({ policy: shopPolicy, state: 'finished' }),
    verdicts: [inconclusive, firstVerdict],
    evidence: sampleEvidence([
      samplePlot({ name: 'errors', unit: 'ratio', level: 0.001, after: 15 }),
      samplePlot({ name: 'latency p95', unit: 's', level: 0.213, after: 15, gaps: [[58, 70]] }),
    ]),
  },
  superseded: {
    ...harmedShop,
    deployment: sampleDeployment({ policy: shopPolicy, state: 'superseded' }),
    verdicts: [
      unjudged('superseded', 'superseded', 'deployment dep-9c11 of version 1.4.3 started'),
      ...watchedShop.verdicts,
    ],
  },
  cancelled: {
    ...harmedShop,
    deployment: sampleDeployment({ policy: shopPolicy, state: 'cancelled' }),
    verdicts: [],
    ticks: [],
    watches: [],
  },
  override: {
    ...harmedShop,
    verdicts: [
      unjudged('continue', 'override', 'the errors come from a load test'),
      rollbackVerdict,
      firstVerdict,
    ],
  },
  'guard-rail': {
    ...harmedShop,
    verdicts: [
      {
        ...rollbackVerdict,
        rule: 'guard-rail',
        guarantee: 'guard-rail',
        p: 1,
        reasons: [{ code: 'guard-rail', text: 'errors were above 1.2 % for 2 looks', metric: 'errors' }],
      },
    ],
  },
  'canary-step': {
    ...watchedShop,
    deployment: sampleDeployment({ policy: shopPolicy, strategy: 'canary', plannedSteps: steps }),
    steps: [
      {
        deploymentId: 'dep-7f3a',
        index: 0,
        name: 'canary 5 %',
        trafficShare: 0.05,
        startedAtMs: changeAtMs - 15 * minuteMs,
        endedAtMs: changeAtMs,
      },
      {
        deploymentId: 'dep-7f3a',
        index: 1,
        name: 'canary 25 %',
        trafficShare: 0.25,
        startedAtMs: changeAtMs,
      },
    ],
    verdicts: [
      sampleVerdict({ ...quiet, stepIndex: 1, alpha: 0.0125, value: 'continue', rule: 'bounded-harm' }),
      firstVerdict,
    ],
  },
  'no-evidence': without(harmedShop, 'evidence'),
} satisfies Readonly<Record<string, ReportPage>>;
