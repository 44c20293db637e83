import type { Figures, Rate } from './figures.js';

/** Headings of a table of methods, in the order of `figureRow`. */
export const FIGURE_HEADINGS = [
  'method',
  'F1',
  'precision',
  'recall',
  'false rollbacks',
  'delay 50/90 min',
  'from visible',
  'AUC',
  'Brier',
  'skill',
  'named first',
  'inconclusive bad/good',
] as const;

/** What stands for a figure that there is none of. */
const NONE = '–';

/** The figures of one method as the cells of a row. */
export function figureRow(title: string, figures: Figures): readonly string[] {
  const { delays, visibleDelays, givesProbability } = figures;
  const mark = givesProbability ? '' : '†';
  return [
    title,
    decimal(figures.f1),
    decimal(figures.precision),
    decimal(figures.recall),
    rateText(figures.falseRollbacks),
    `${minutes(delays.median)} / ${minutes(delays.ninetieth)}`,
    `${minutes(visibleDelays.median)} / ${minutes(visibleDelays.ninetieth)}`,
    decimal(figures.auc),
    `${decimal(figures.brier)}${mark}`,
    `${decimal(figures.brierSkill)}${mark}`,
    figures.namedFirst === null ? NONE : shareText(figures.namedFirst),
    `${percent(figures.inconclusiveBad)} / ${percent(figures.inconclusiveGood)}`,
  ];
}

/** Share and 95 % interval in percent: `1.7 [0.6–4.8] %`. */
export function rateText({ share, low, high, of }: Rate): string {
  if (share === null || of === 0) return NONE;
  return `${points(share)} [${points(low)}–${points(high)}] %`;
}

/** A figure between 0 and 1 with three decimals. */
export function decimal(value: number | null): string {
  return value === null
    ? NONE
    : value
        .toFixed(3)
        .replace(/^(-?)0\./, '$1.')
        .replace('-', '−');
}

function shareText({ share, hits, of }: Rate): string {
  return `${decimal(share)} (${hits}/${of})`;
}

function points(share: number): string {
  return (100 * share).toFixed(1);
}

function percent(share: number | null): string {
  return share === null ? NONE : `${(100 * share).toFixed(0)} %`;
}

function minutes(value: number | null): string {
  return value === null ? NONE : value.toFixed(value < 10 && !Number.isInteger(value) ? 1 : 0);
}
