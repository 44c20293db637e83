import type { VerdictAttribution } from '../domain/attribution.js';
import type { BrakeApplied } from '../domain/verdict.js';
import type { ReportPage } from './report-page.js';
import { changeAtMs, minuteMs } from './sample-plot.js';
import { sampleDeployment } from './sample-report.js';
import { firstVerdict, harmedShop, rollbackVerdict, shopPolicy } from './sample-shop.js';

const onset = {
  atMs: changeAtMs - 30_000,
  fromMs: changeAtMs - minuteMs,
  toMs: changeAtMs + minuteMs,
  level: 0.9,
  beforeDeployment: false,
};
const compared = { series: 9, servicesLeftOut: 0, deploymentsLeftOut: 0 };

const anotherFits: VerdictAttribution = {
  sentence: 'payments 2.3.1, released 40 s earlier, fits better (72 %).',
  candidates: [
    {
      deployment: 'dep-6c11',
      service: 'payments',
      version: '2.3.1',
      share: 0.72,
      reasons: [
        'the shift began right after it',
        'payments moved at the same time',
        'shop-api depends on payments',
      ],
    },
    {
      deployment: 'dep-7f3a',
      service: 'shop-api',
      version: '1.4.2',
      share: 0.25,
      reasons: ['the shift began right after it'],
    },
    { share: 0.03, reasons: ['1 of 9 other services moved at the same time'] },
  ],
  onset,
  commonCause: {
    likely: false,
    services: 9,
    moved: ['payments'],
    p: 0.21,
    contrast: { metric: 'errors', own: 0.31, others: 0.01, difference: 0.3, low: 0.21, high: 0.4, p: 0.013 },
  },
  compared,
};

const beganBefore: VerdictAttribution = {
  sentence: 'The shift began 4 min before this deployment.',
  candidates: [
    { share: 0.94, reasons: ['no other service could be compared'] },
    {
      deployment: 'dep-7f3a',
      service: 'shop-api',
      version: '1.4.2',
      share: 0.06,
      reasons: ['it began 4 min after the shift'],
    },
  ],
  onset: {
    ...onset,
    atMs: changeAtMs - 4 * minuteMs,
    fromMs: changeAtMs - 5 * minuteMs,
    toMs: changeAtMs - 3 * minuteMs,
    beforeDeployment: true,
  },
  commonCause: { likely: false, services: 0, moved: [] },
  compared: { series: 0, servicesLeftOut: 4, deploymentsLeftOut: 2 },
};

function attributed(attribution: VerdictAttribution, brake: BrakeApplied): ReportPage {
  return {
    ...harmedShop,
    deployment: sampleDeployment({ policy: { ...shopPolicy, mode: 'act' } }),
    verdicts: [{ ...rollbackVerdict, attribution, brakes: [brake] }, firstVerdict],
  };
}

/** Rollbacks that are perhaps not this deployment's doing, by name. */
export const attributionStates = {
  'another-fits-better': attributed(anotherFits, {
    brake: 'other-deployment',
    text: 'payments 2.3.1 fits better (72 %): the shift began right after it; people decide',
  }),
  'began-before': attributed(beganBefore, {
    brake: 'began-before',
    text: 'the shift began before this deployment; people decide',
  }),
};
