import type { ReportPage } from './report-page.js';
import { sampleEvidence, samplePlot } from './sample-plot.js';
import {
  sampleDeployment,
  sampleFinding,
  samplePolicy,
  sampleReport,
  sampleSpec,
  sampleTicks,
  sampleVerdict,
  sampleWatch,
} from './sample-report.js';
import { harmedShop, smallEffect } from './sample-shop.js';

/** A report of `metrics` metrics, three of them harmed, with `points` samples each. */
export function sampleWithMany(metrics: number, points: number): ReportPage {
  const names = Array.from({ length: metrics }, (_, index) => `metric ${index + 1}`);
  const quiet = {
    status: 'quiet',
    contribution: 0.2 / metrics,
    p: 0.4,
    effect: smallEffect,
    unit: 's',
  } as const;
  const findings = names.map((name, index) =>
    sampleFinding(index < 3 ? { name, contribution: 0.4 / (index + 1) } : { name, ...quiet }),
  );
  const plots = names.map((name, index) => {
    const shape = index < 3 ? { unit: 'ratio', level: 0.001, shift: 9 } : { unit: 's', level: 0.2 };
    return samplePlot({ name, ...shape, seed: index, before: points / 2, after: points / 2, control: true });
  });
  return {
    ...harmedShop,
    deployment: sampleDeployment({
      policy: samplePolicy({ metrics: names.map((name) => sampleSpec({ name })) }),
    }),
    verdicts: [sampleVerdict({ findings })],
    evidence: sampleEvidence(plots),
  };
}

/** One metric of any name, whose errors rose. */
export function sampleWithNames(
  metric: string,
  unit: string,
  place: Partial<ReportPage['deployment']>,
): ReportPage {
  return {
    ...harmedShop,
    deployment: sampleDeployment({
      policy: samplePolicy({ metrics: [sampleSpec({ name: metric, unit })] }),
      ...place,
    }),
    verdicts: [sampleVerdict({ findings: [sampleFinding({ name: metric, unit })] })],
    evidence: sampleEvidence([samplePlot({ name: metric, unit, level: 0.001, shift: 9, after: 6 })]),
  };
}

const long = 'a-service-with-a-name-so-long-that-nobody-could-have-meant-it-but-somebody-did-'.repeat(2);
const stretched = sampleWatch({ lastLook: 1000, plannedLooks: 1000 });

/** Sizes and scripts that a page must bear, by name. */
export const extremeStates = {
  'one-metric': sampleReport(),
  'sixty-metrics': sampleWithMany(60, 600),
  'thousand-ticks': {
    ...harmedShop,
    watches: [stretched],
    ticks: sampleTicks(stretched, 1000, 0.00001, 'rollback'),
  },
  'long-names': sampleWithNames(long, long, {
    service: long,
    environment: long,
    version: long,
    previousVersion: long,
    labels: { [long]: long },
    links: [{ title: long, url: `https://example.com/${long}` }],
  }),
  'non-latin': sampleWithNames('오류율', 'ratio', {
    service: '注文サービス',
    environment: 'إنتاج',
    version: 'версия-२',
    previousVersion: 'версия-१',
    change: { kind: 'config', summary: 'שינוי תצורה 🚀' },
  }),
} satisfies Readonly<Record<string, ReportPage>>;
