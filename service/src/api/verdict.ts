import { z } from 'zod';
import { attribution } from './attribution.js';
import { explanation, forecast, message } from './explanation.js';
import { checkKinds } from './required-checks.js';
import { tuning } from './tuning.js';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';

/** Every value that a verdict can have on the wire. */
const failurePolicy = z.enum(['fail-open', 'fail-closed']);

export const verdictValues = [
  'pending',
  'continue',
  'rollback',
  'inconclusive',
  'superseded',
  'cancelled',
] as const;
export const guarantees = ['placebo', 'sequential', 'guard-rail', 'none'] as const;

const rules = [
  'guard-rail',
  'calibrated-evidence',
  'bounded-harm',
  'watch-ended-without-evidence',
  'not-enough-data',
  'watching',
  'override',
  'superseded',
  'cancelled',
  'late-regression',
  'canary-silent',
  'check-failed',
  'checks-missing',
  'awaiting-checks',
  'held',
] as const;

export const reason = z.object({ code: z.string(), text: z.string(), metric: optional(z.string()) }).meta({
  id: 'Reason',
  description: 'A sentence for people with a stable code for machines.',
  example: { code: 'watching', text: 'The watch runs.' },
});

const effect = z
  .object({
    relative: z.number(),
    relativeLow: z.number(),
    relativeHigh: z.number(),
    absolute: z.number(),
    level: z.number(),
  })
  .meta({
    id: 'Effect',
    description: 'An estimate with its interval; relative 0.15 is +15 % of the baseline.',
  });

export const finding = z
  .object({
    name: z.string(),
    status: z.enum(['harmed', 'moved', 'quiet', 'insufficient']),
    unit: z.string(),
    contribution: z.number(),
    p: optional(z.number()),
    effect: optional(effect),
    onsetAt: optional(instantOut),
    baseline: optional(z.string()),
    scorer: optional(z.string()),
    quantile: optional(z.number()).meta({
      description: 'Of a histogram: the quantile, between 0 and 1, that the effect speaks of.',
    }),
    coverage: z.number(),
    text: z.string(),
  })
  .meta({ id: 'MetricFinding', description: "One metric's part in the verdict." });

const brake = z
  .object({
    brake: z.enum([
      'kill-switch',
      'freeze',
      'rate-limit',
      'common-cause',
      'is-rollback',
      'mode',
      'irreversible-migration',
      'no-executor',
      'stale-evidence',
      'weak-guarantee',
      'hold',
      'began-before',
      'other-deployment',
    ]),
    text: z.string(),
  })
  .meta({ id: 'BrakeApplied', description: 'Why an automatic rollback was held back.' });

export const checkStanding = z
  .object({
    name: z.string(),
    kind: optional(z.enum(checkKinds)),
    step: optional(z.string()),
    onFailure: z.enum(['rollback', 'inconclusive']),
    standing: z.enum(['passed', 'failed', 'running', 'expired', 'missing', 'overdue']),
    revision: optional(z.int()).meta({ description: 'Which report it rests on.' }),
    reportedAt: optional(instantOut),
    overdueSince: optional(instantOut).meta({
      description: 'When its timeout was over, of one that is overdue.',
    }),
  })
  .meta({ id: 'CheckStanding', description: 'How a required check stood when the verdict was reached.' });

const verdictHold = z
  .object({ reason: z.string(), since: instantOut, until: optional(instantOut) })
  .meta({ id: 'VerdictHold', description: 'A person holds the deployment: nothing may go on.' });

const withheld = z
  .object({ verdict: z.enum(['continue', 'inconclusive']), rule: z.string(), guarantee: z.enum(guarantees) })
  .meta({
    id: 'Withheld',
    description: 'What the verdict would be without the checks and the hold that keep it pending.',
  });

const calibration = z
  .object({
    guarantee: z.enum(guarantees),
    placebos: z.number(),
    effectivePlacebos: z.number(),
    historyMs: z.number(),
    reasons: z.array(reason).readonly(),
    learned: optional(z.object({ model: z.string(), sha256: z.string(), backend: z.string() })).meta({
      description: 'The learned scorer that is asked beside the scans, and where its tensors are computed.',
    }),
  })
  .meta({ id: 'Calibration', description: 'How well the watch is calibrated, known before its first look.' });

/** A verdict as the API, the webhooks, the live stream and the report carry it. */
export const verdict = z
  .object({
    deploymentId: z.string(),
    project: z.string(),
    service: z.string(),
    environment: z.string(),
    version: z.string(),
    previousVersion: optional(z.string()),
    sequence: z.int().min(0).meta({
      description: '1, 2, 3 … within the deployment; 0 before the first verdict was written. Also the ETag.',
    }),
    verdict: z.enum(verdictValues),
    final: z.boolean().meta({ description: 'False while `pending`.' }),
    exitCode: z.int().meta({
      description:
        '0 continue, 1 rollback, 2 inconclusive, 4 still pending (timed out), 5 cancelled or superseded.',
    }),
    rule: z.enum(rules).meta({ description: 'Which rule decided.' }),
    guarantee: z.enum(guarantees).meta({ description: 'What stands behind the error rate.' }),
    mode: z.enum(['observe', 'recommend', 'act']),
    consumers: z
      .object({ pending: failurePolicy, inconclusive: failurePolicy, outage: failurePolicy })
      .meta({ description: 'What the policy tells consumers to do while there is no verdict to give.' }),
    step: z.object({
      index: z.int(),
      name: z.string(),
      last: z.boolean(),
      trafficShare: optional(z.number()),
    }),
    look: z.int(),
    p: z.number().meta({ description: 'Sequential p-value of all metrics and all looks together.' }),
    pExtrapolated: z.boolean(),
    alpha: z.number(),
    prior: z.number(),
    harmProbability: z.number(),
    confidence: optional(z.number()),
    reasons: z.array(reason).readonly(),
    stillNeeded: z.array(reason).readonly(),
    metrics: z.array(finding).readonly(),
    brakes: z.array(brake).readonly(),
    checks: optional(z.array(checkStanding).readonly()).meta({
      description: 'How the required checks stood; absent when the policy requires none.',
    }),
    hold: optional(verdictHold),
    withheld: optional(withheld),
    calibration: optional(calibration),
    tuning: optional(tuning),
    sentence: optional(message).meta({
      description: 'The verdict in one plain sentence; absent only from older servers.',
    }),
    explanation: optional(explanation),
    forecast: optional(z.array(forecast).readonly()).meta({
      description: 'Limits that moving metrics run towards, the nearest first.',
    }),
    decidedAt: instantOut,
    asOf: instantOut.meta({
      description: 'Event time that the verdict speaks of: the end of the last interval looked at.',
    }),
    attribution: optional(attribution),
    evidenceHash: optional(z.string()),
    engineVersion: z.string(),
    links: z.object({ self: z.string(), report: z.string() }),
  })
  .meta({
    id: 'Verdict',
    description:
      'The verdict of a deployment. Every field without "optional" is always there, also while pending.',
    example: {
      deploymentId: 'd-17',
      project: 'default',
      service: 'checkout',
      environment: 'production',
      version: '2.14.0',
      previousVersion: '2.13.2',
      sequence: 2,
      verdict: 'rollback',
      final: true,
      exitCode: 1,
      rule: 'calibrated-evidence',
      guarantee: 'placebo',
      mode: 'recommend',
      consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-open' },
      step: { index: 0, name: 'canary', last: false, trafficShare: 0.05 },
      look: 6,
      p: 0.004,
      pExtrapolated: false,
      alpha: 0.05,
      prior: 0.1,
      harmProbability: 0.97,
      confidence: 0.97,
      reasons: [
        { code: 'harmful-shift', metric: 'p95 latency', text: 'p95 latency rose by 31 % (18 % to 44 %).' },
      ],
      stillNeeded: [],
      metrics: [
        {
          name: 'p95 latency',
          status: 'harmed',
          unit: 's',
          contribution: 1,
          p: 0.004,
          effect: { relative: 0.31, relativeLow: 0.18, relativeHigh: 0.44, absolute: 0.071, level: 0.95 },
          onsetAt: '2026-01-31T12:02:00.000Z',
          coverage: 1,
          text: 'p95 latency rose by 31 %.',
        },
      ],
      brakes: [{ brake: 'mode', text: 'The policy only recommends.' }],
      decidedAt: '2026-01-31T12:06:01.000Z',
      asOf: '2026-01-31T12:06:00.000Z',
      engineVersion: '0.1.0',
      links: { self: '/api/v1/deployments/d-17/verdict', report: '/deployments/d-17/report' },
    },
  });

/** A verdict on the wire. */
export type WireVerdict = z.output<typeof verdict>;
