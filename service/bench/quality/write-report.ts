import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { delayCurves } from './delay-curves.js';
import { markdownReport, type PlotFiles } from './markdown-report.js';
import { OURS, type CaseOutcome } from './outcome.js';
import { plotDelays } from './plot-delays.js';
import { plotMethods } from './plot-methods.js';
import { plotReliability } from './plot-reliability.js';
import type { QualityReport, Section } from './quality-report.js';

/** Methods whose delays are drawn: one of each kind, so that lines can be told apart. */
const DRAWN = [OURS, 'kayenta', 'mann-whitney', 'argo-threshold', 'seasonal-residual', 'next-step-predictor'];

/** Writes page, data and plots into a folder; the same bytes for the same report. */
export function writeReport(out: string, report: QualityReport, outcomes: readonly CaseOutcome[]): void {
  const methods: Record<string, string> = {};
  const delays: Record<string, string> = {};
  const write = (name: string, text: string): string => {
    writeFileSync(join(out, name), text);
    return name;
  };
  for (const section of report.sections) {
    const slug = section.title.replaceAll(/[^a-z0-9]+/gi, '-');
    methods[section.title] = write(`methods-${slug}.svg`, plotMethods(report, section));
    const members = outcomes.filter(({ truth }) => truth.set === section.title);
    if (members.some(({ truth }) => truth.isBad))
      delays[section.title] = write(`delays-${slug}.svg`, delayPlot(report, section, members));
  }
  const plots: PlotFiles = {
    methods,
    delays,
    reliability: write('reliability.svg', plotReliability(report.reliability)),
  };
  write('quality.json', `${JSON.stringify(report, undefined, 2)}\n`);
  write('quality.md', markdownReport(report, plots));
}

function delayPlot(
  report: QualityReport,
  { title, figures }: Section,
  members: readonly CaseOutcome[],
): string {
  const curves = delayCurves(members, DRAWN).map((curve) => {
    const method = report.methods.find(({ name }) => name === curve.name);
    const share = figures[curve.name]?.falseRollbacks.share ?? null;
    const wrong = share === null ? '–' : `${(100 * share).toFixed(0)} %`;
    return { ...curve, label: `${method?.title ?? curve.name} (${wrong})`, isOurs: curve.name === OURS };
  });
  return plotDelays(title, curves);
}
