import { table } from '../../src/cli/terminal/table.js';
import { decimal, FIGURE_HEADINGS, figureRow } from './figure-row.js';
import { flippedLine, GAIN_HEADINGS, gainRows } from './gain-rows.js';
import type { QualityReport } from './quality-report.js';

/** Tables for a terminal: every section, then what cross-validation says. */
export function terminalReport(report: QualityReport): string {
  const { methods, sections, crossValidation, learned, errors } = report;
  const blocks = sections.map(({ title, figures }) => {
    const first = Object.values(figures)[0];
    const rows = methods.flatMap((method) => {
      const one = figures[method.name];
      return one === undefined ? [] : [figureRow(method.title, one)];
    });
    return `${title}: ${first?.bad ?? 0} bad, ${first?.good ?? 0} harmless\n${table(FIGURE_HEADINGS, rows)}`;
  });
  const apart = crossValidation.map(
    ({ set, shipped, refitted, baseRate }) =>
      `${set}: Brier ${decimal(shipped)} as shipped, ${decimal(refitted)} refitted without the group, ${decimal(baseRate)} by the base rate`,
  );
  const failed = errors === 0 ? [] : [`${errors} cases could not be judged: see "error" in outcomes.jsonl`];
  const notes = ['† no probability of its own: the verdict counts as 0 or 1', ...apart, ...failed];
  const gains =
    learned.length === 0
      ? []
      : [`${table(GAIN_HEADINGS, learned.flatMap(gainRows))}\n${learned.map(flippedLine).join('\n')}`];
  return `${[...blocks, ...gains, notes.join('\n')].join('\n\n')}\n`;
}
