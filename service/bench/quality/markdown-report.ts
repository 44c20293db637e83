import { decimal, FIGURE_HEADINGS, figureRow, rateText } from './figure-row.js';
import { flippedLine, GAIN_HEADINGS, gainRows } from './gain-rows.js';
import type { MomentRow, QualityReport, Section } from './quality-report.js';

/** Files of plots that the page shows. */
export interface PlotFiles {
  /** By title of a section. */
  readonly methods: Readonly<Record<string, string>>;
  readonly delays: Readonly<Record<string, string>>;
  readonly reliability?: string;
}

const DEFINITIONS = `Every method judged the same windows in one run, blind to labels, ids, groups and fault descriptions, each look cut off from what came after it.
Bellwether ran by the path of \`bellwether rehearse\` at its defaults. Peers have their published or customary settings; none was tuned on these cases.

- **False rollbacks**: share of harmless cases that were rolled back, with its 95 % Wilson interval.
- **Delay**: minutes from the labelled onset to the end of the interval that decided, median and 90th percentile over the bad cases that were rolled back; what was decided before the onset is not counted.
- **From visible**: the same from the beginning of the first interval since the onset at which a metric (the faulty ones where they are known) lies more than three standard deviations from its mean of the hour before the change.
- **AUC**: of the evidence; Bellwether's at its verdict, a peer's strongest of the whole watch, what it saw after its verdict included. **Brier**: mean squared error of the probability of harm; **skill**: against always saying the share of bad cases. † The method gives no probability: its verdict counts as 0 or 1.
- **Named first**: of simultaneous releases with one bad among them, how often the bad one has the strictly strongest evidence.`;

/** The whole report as a page; its tables are laid out as Prettier does. */
export function markdownReport(report: QualityReport, plots: PlotFiles): string {
  return `${[
    '# Quality',
    `Engine ${report.engineVersion}; cases: ${report.part === 'all' ? 'training and test parts' : `${report.part} part`}.`,
    DEFINITIONS,
    ...report.sections.flatMap((section) => sectionText(report, section, plots)),
    ...learnedText(report),
    ...momentText(report),
    ...probabilityText(report, plots),
    ...crossValidationText(report),
    '## Methods',
    report.methods.map(({ title, source }) => `- **${title}**: ${source}`).join('\n'),
  ].join('\n\n')}\n`;
}

function sectionText(
  report: QualityReport,
  { title, figures }: Section,
  plots: PlotFiles,
): readonly string[] {
  const first = Object.values(figures)[0];
  const rows = report.methods.flatMap((method) => {
    const one = figures[method.name];
    return one === undefined ? [] : [figureRow(method.title, one)];
  });
  const images = [
    [plots.methods[title], 'F1 and false rollbacks by method'],
    [plots.delays[title], 'bad cases found by minutes since the onset'],
  ].flatMap(([file, what]) => (file === undefined ? [] : [`![${title}: ${what ?? ''}](${file})`]));
  return [
    `## ${title}`,
    `${first?.bad ?? 0} bad, ${first?.good ?? 0} harmless.`,
    markdownTable(FIGURE_HEADINGS, rows),
    ...images,
  ];
}

function learnedText({ learned }: QualityReport): readonly string[] {
  if (learned.length === 0) return [];
  return [
    '## The learned scorer, on against off',
    'Both judged the same cases in this run; the weights are trained on synthetic windows alone. Intervals are a paired bootstrap over whole groups (1,000 resamples, seed 1).',
    markdownTable(GAIN_HEADINGS, learned.flatMap(gainRows)),
    learned.map((one) => `- ${flippedLine(one)}`).join('\n'),
  ];
}

function momentText(report: QualityReport): readonly string[] {
  const { moments } = report;
  if (moments.length === 0) return [];
  const tables = [...new Set(moments.map(({ set, by }) => `${set}\n${by}`))];
  return [
    '## False rollbacks by kind of moment',
    'Harmless cases at moments at which series move by themselves: as their sets label them, and by the same hours of their own earlier days (a ramp climbs or falls by a tenth of the daily range from as long before; at a weekend edge the day before differs as much from the week before).',
    ...tables.flatMap((key) => {
      const rows = moments.filter(({ set, by }) => `${set}\n${by}` === key);
      const [first] = rows;
      const who = first?.by === 'label' ? 'by label' : 'by their own past';
      return [`### ${first?.set ?? ''}, ${who}`, momentTable(report, rows)];
    }),
  ];
}

function momentTable({ methods }: QualityReport, rows: readonly MomentRow[]): string {
  const headings = [
    'method',
    ...rows.map(({ moment, rates }) => `${moment} (${Object.values(rates)[0]?.of ?? 0})`),
  ];
  const cells = methods.map(({ name, title }) => [
    title,
    ...rows.map(({ rates }) => {
      const one = rates[name];
      return one === undefined ? '–' : rateText(one);
    }),
  ]);
  return markdownTable(headings, cells);
}

function probabilityText(
  { reliability }: QualityReport,
  { reliability: plot }: PlotFiles,
): readonly string[] {
  const rows = reliability.flatMap(({ title, bins }) =>
    bins.map(({ said, was }) => [title, decimal(said), rateText(was), String(was.of)]),
  );
  return [
    '## Probability of harm',
    'What Bellwether said and how often it came true, in five bins.',
    ...(plot === undefined ? [] : [`![Reliability of the probability of harm](${plot})`]),
    markdownTable(['cases', 'said', 'was bad', 'cases in the bin'], rows),
  ];
}

function crossValidationText({ crossValidation }: QualityReport): readonly string[] {
  if (crossValidation.length === 0) return [];
  return [
    '## Cross-validated where something was fitted',
    'Brier score on the training sets: of the shipped curve, and of the same curve refitted on the other groups (five folds, no group in two).',
    markdownTable(
      ['set', 'cases', 'base rate', 'shipped curve', 'refitted without the group'],
      crossValidation.map(({ set, cases, baseRate, shipped, refitted }) => [
        set,
        String(cases),
        decimal(baseRate),
        decimal(shipped),
        decimal(refitted),
      ]),
    ),
  ];
}

function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(3, heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[], filler: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  return [line(headings, ' '), line([], '-'), ...rows.map((row) => line(row, ' '))].join('\n');
}
