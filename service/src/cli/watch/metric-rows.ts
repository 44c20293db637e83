import type { WireProgress } from '../../api/progress.js';
import type { Colour, Paint } from '../terminal/paint.js';
import { plain } from '../terminal/plain-text.js';
import { fit, textWidth } from '../terminal/text-width.js';
import { percent, probability, signedPercent } from './numbers.js';

type Finding = WireProgress['metrics'][number];

interface Column {
  readonly heading: string;
  readonly side: 'left' | 'right';
  /** Goes out at fewer columns than this. */
  readonly fromColumns: number;
  readonly cell: (finding: Finding) => string;
}

const STATUS_COLOURS: Readonly<Record<Finding['status'], Colour>> = {
  harmed: 'red',
  moved: 'yellow',
  quiet: 'green',
  insufficient: 'dim',
};

const COLUMNS: readonly Column[] = [
  {
    heading: 'EFFECT',
    side: 'right',
    fromColumns: 0,
    cell: ({ effect }) => (effect ? signedPercent(effect.relative) : '–'),
  },
  {
    heading: 'INTERVAL',
    side: 'right',
    fromColumns: 60,
    cell: ({ effect }) =>
      effect === undefined ? '–' : `${bound(effect.relativeLow)} to ${bound(effect.relativeHigh)}`,
  },
  { heading: 'P', side: 'right', fromColumns: 78, cell: ({ p }) => (p === undefined ? '–' : probability(p)) },
  { heading: 'WEIGHS', side: 'right', fromColumns: 96, cell: ({ contribution }) => percent(contribution) },
  { heading: 'DATA', side: 'right', fromColumns: 88, cell: ({ coverage }) => percent(coverage) },
];
const STATUS_WIDTH = 'insufficient'.length;
const GAP = '  ';
const SHORTEST_NAME = 12;

/** An open end of an interval arrives as null: JSON knows no infinity. */
function bound(share: number | null): string {
  return share === null || !Number.isFinite(share) ? 'open' : signedPercent(share);
}

/** A table of the metrics in at most so many columns; narrow terminals see fewer of its columns. */
export function metricRows(findings: readonly Finding[], columns: number, paint: Paint): readonly string[] {
  if (findings.length === 0) return [];
  const shown = COLUMNS.filter(({ fromColumns }) => columns >= fromColumns).map((column) => {
    const width = Math.max(column.heading.length, ...findings.map((one) => textWidth(column.cell(one))));
    return { ...column, width };
  });
  const taken = shown.reduce((sum, { width }) => sum + width + GAP.length, STATUS_WIDTH + GAP.length);
  const longest = Math.max(...findings.map(({ name }) => textWidth(plain(name))), 'METRIC'.length);
  const nameWidth = Math.max(SHORTEST_NAME, Math.min(longest, columns - taken));
  const heading = [fit('METRIC', nameWidth), ...shown.map((one) => fit(one.heading, one.width, one.side))];
  return [
    paint('dim', heading.join(GAP)),
    ...findings.map((finding) =>
      [
        fit(plain(finding.name), nameWidth),
        ...shown.map(({ cell, width, side }) => fit(cell(finding), width, side)),
        paint(STATUS_COLOURS[finding.status], finding.status),
      ].join(GAP),
    ),
  ];
}
