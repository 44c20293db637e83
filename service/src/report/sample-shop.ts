import type { Effect } from '@bellwether/models';
import type { Evidence } from '../domain/evidence.js';
import type { MetricFinding } from '../domain/verdict.js';
import type { ReportPage } from './report-page.js';
import { changeAtMs, minuteMs, sampleEvidence, samplePlot } from './sample-plot.js';
import { memoryForecast, pendingExplanation, rollbackExplanation } from './sample-explanation.js';
import {
  sampleAudit,
  sampleDeployment,
  sampleFinding,
  samplePolicy,
  sampleReport,
  sampleSpec,
  sampleTicks,
  sampleVerdict,
  sampleWatch,
} from './sample-report.js';

/** A copy that lacks some keys, for optional fields that a builder fills in. */
export function without<T extends object, K extends keyof T>(whole: T, ...keys: readonly K[]): Omit<T, K> {
  const gone = new Set<PropertyKey>(keys);
  return Object.fromEntries(Object.entries(whole).filter(([key]) => !gone.has(key))) as Omit<T, K>;
}

export const smallEffect: Effect = {
  relative: 0.02,
  relativeLow: -0.03,
  relativeHigh: 0.08,
  absolute: 0.0042,
  level: 0.95,
};

const others: readonly MetricFinding[] = [
  sampleFinding({
    name: 'resident memory',
    status: 'moved',
    unit: 'bytes',
    contribution: 0.09,
    p: 0.02,
    effect: { ...smallEffect, relative: 0.04, relativeLow: 0.01, relativeHigh: 0.07, absolute: 11_000_000 },
    baseline: 'level',
    scorer: 'level-shift',
  }),
  sampleFinding({
    name: 'latency p95',
    status: 'quiet',
    unit: 's',
    contribution: 0.06,
    p: 0.41,
    effect: smallEffect,
    baseline: 'control',
  }),
  without(
    sampleFinding({
      name: 'requests',
      status: 'quiet',
      unit: 'req/s',
      contribution: 0.02,
      p: 0.7,
      effect: { ...smallEffect, relative: -0.006, absolute: -7.4 },
    }),
    'onsetAtMs',
  ),
];

/** Errors harmed, memory moved, the rest quiet. */
export const harmedFindings = [sampleFinding(), ...others];
/** Nothing harmed. */
export const quietFindings = [
  sampleFinding({
    status: 'quiet',
    contribution: 0.4,
    p: 0.5,
    effect: { ...smallEffect, relative: 0.05, relativeLow: -0.2, relativeHigh: 0.31, absolute: 0.00005 },
  }),
  ...others,
];

export const shopPolicy = samplePolicy({
  metrics: [
    sampleSpec({ criticality: 'critical', missing: 'required', guardRail: { above: 0.012, forLooks: 2 } }),
    sampleSpec({
      name: 'latency p95',
      kind: 'latency',
      unit: 's',
      minEffect: { relative: 0.1 },
      tolerance: { relative: 0.15 },
      warmupMs: 3 * minuteMs,
      missing: 'required',
    }),
    sampleSpec({
      name: 'resident memory',
      kind: 'saturation',
      unit: 'bytes',
      minEffect: { relative: 0.1, absolute: 20_000_000 },
      tolerance: { relative: 0.2 },
      criticality: 'advisory',
    }),
    sampleSpec({
      name: 'requests',
      kind: 'traffic',
      unit: 'req/s',
      direction: 'both',
      minEffect: { relative: 0.1 },
      tolerance: { relative: 0.2 },
    }),
  ],
});

/** Plots of the four metrics, `after` minutes into the change; errors move by `shift`. */
export function shopEvidence(after: number, shift: number): Evidence {
  return sampleEvidence([
    samplePlot({ name: 'errors', unit: 'ratio', level: 0.001, shift, after }),
    samplePlot({ name: 'latency p95', unit: 's', level: 0.213, after, seed: 2, control: true, shift: 0.02 }),
    samplePlot({
      name: 'resident memory',
      unit: 'bytes',
      level: 280e6,
      after,
      seed: 3,
      shift: 0.04,
      gaps: [[40, 47]],
    }),
    samplePlot({ name: 'requests', unit: 'req/s', level: 1240, after, seed: 4 }),
  ]);
}

/** The first verdict of every watch. */
export const firstVerdict = without(
  sampleVerdict({
    sequence: 1,
    value: 'pending',
    rule: 'watching',
    look: 1,
    p: 0.8,
    harmProbability: 0.11,
    reasons: [{ code: 'watching', text: 'no harm beyond the practical minimum so far' }],
    findings: [],
  }),
  'confidence',
);
export const rollbackVerdict = sampleVerdict({
  findings: harmedFindings,
  explanation: rollbackExplanation,
  forecasts: [memoryForecast],
});

/** A shop whose errors rose; nobody has acted. */
export const harmedShop: ReportPage = sampleReport({
  deployment: sampleDeployment({ policy: shopPolicy }),
  verdicts: [rollbackVerdict, firstVerdict],
  evidence: shopEvidence(6, 9),
  audit: [
    sampleAudit(),
    sampleAudit({
      sequence: 121,
      action: 'verdict.change',
      actor: 'system',
      authentication: 'system',
      atMs: changeAtMs + 8 * minuteMs,
      detail: {
        sequence: 2,
        from: 'pending',
        to: 'rollback',
        rule: 'calibrated-evidence',
        p: 0.0041,
        alpha: 0.05,
      },
    }),
  ],
});

const watching = sampleWatch({ state: 'watching', lastLook: 12 });

/** The same shop with nothing wrong, twelve looks into its watch. */
export const watchedShop: ReportPage = {
  ...harmedShop,
  watches: [watching],
  ticks: sampleTicks(watching, 12, 0.3, 'pending'),
  verdicts: [
    {
      ...firstVerdict,
      p: 0.42,
      harmProbability: 0.12,
      look: 12,
      asOfMs: changeAtMs + 12 * minuteMs,
      findings: quietFindings,
      explanation: pendingExplanation,
      forecasts: [memoryForecast],
      stillNeeded: [{ code: 'time', text: 'about 18 more minutes at this traffic to bound harm on errors' }],
    },
  ],
  evidence: shopEvidence(12, 0),
};
