import type { Colour, Paint } from '../terminal/paint.js';
import { plain } from '../terminal/plain-text.js';
import { cut, textWidth, wrap } from '../terminal/text-width.js';
import { attributionLines } from './attribution-lines.js';
import { lookBar, pGauge } from './look-bar.js';
import { metricRows } from './metric-rows.js';
import { clockTime, percent, probability } from './numbers.js';
import { aheadTexts, type Reading } from './reading-lines.js';
import { isTailing, type Lost, type WatchState } from './watch-state.js';

/** The terminal that a frame is made for. */
export interface FramePlace {
  readonly columns: number;
  /** Absent: as many as are needed. */
  readonly rows?: number;
  readonly nowMs: number;
  readonly paint: Paint;
}

const INDENT = ' ';
const WIDEST = 120;
const SHORTEST = 24;
const LABEL_WIDTH = 11;

/** The whole view of a watch; no line is wider than the terminal, whose last column stays free. */
export function watchFrame(state: WatchState, lost: Lost | undefined, place: FramePlace): readonly string[] {
  const width = Math.max(SHORTEST, Math.min(WIDEST, place.columns - 1 - INDENT.length));
  const lines = [
    ...headLines(state, width, place),
    '',
    ...progressLines(state, width, place),
    ...withGap(sentenceLines(state, width)),
    ...withGap(metricRows(findingsOf(state), width, place.paint)),
    ...withGap(reasonLines(state, width, place.paint)),
    ...withGap(lost === undefined ? [] : lostLines(lost, width, place)),
  ].map((line) => (line === '' ? '' : INDENT + line));
  return clip(lines, place);
}

function withGap(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** A frame that is higher than the terminal could not be drawn over. */
function clip(lines: readonly string[], { rows, paint }: FramePlace): readonly string[] {
  if (rows === undefined || lines.length < rows) return lines;
  const kept = Math.max(1, rows - 2);
  return [...lines.slice(0, kept), `${INDENT}${paint('dim', `… ${lines.length - kept} more lines`)}`];
}

/** What is said of the newest look while the verdict is pending, afterwards of what decided. */
function readingOf({ verdict, progress }: WatchState): Reading {
  return verdict.final || progress.sentence === undefined ? verdict : progress;
}

function sentenceLines(state: WatchState, width: number): readonly string[] {
  const { sentence } = readingOf(state);
  return sentence === undefined ? [] : wrap(plain(sentence.text), width);
}

/** While it is pending the newest look counts; afterwards what decided. */
function findingsOf({ verdict, progress }: WatchState): WatchState['progress']['metrics'] {
  return verdict.final || progress.metrics.length === 0 ? verdict.metrics : progress.metrics;
}

function headLines(state: WatchState, width: number, { paint }: FramePlace): readonly string[] {
  const { deployment, verdict } = state;
  const { service, environment, version, previousVersion } = deployment;
  const versions = previousVersion === undefined ? version : `${previousVersion} → ${version}`;
  const share = verdict.step.trafficShare === undefined ? '' : ` (${percent(verdict.step.trafficShare)})`;
  const step = `step ${verdict.step.index + 1} of ${deployment.plannedSteps.length}: ${verdict.step.name}${share}`;
  const about = `${step} · ${kindOf(state)} · ${verdict.mode}`;
  return [
    ...ends(
      `${service} in ${environment}  ${versions}`,
      deployment.id,
      width,
      (text) => paint('bold', text),
      paint,
    ),
    cut(plain(about), width),
  ];
}

function kindOf({ deployment, progress, verdict }: WatchState): string {
  const kind = progress.watch?.kind ?? 'step';
  return kind === 'step' || verdict.final ? deployment.state : `${deployment.state}, ${kind}`;
}

/** Two texts at the ends of a line, or on two lines where they do not fit. */
function ends(
  left: string,
  right: string,
  width: number,
  bold: (text: string) => string,
  paint: Paint,
): readonly string[] {
  const [first, second] = [plain(left), plain(right)];
  const gap = width - textWidth(first) - textWidth(second);
  if (gap < 2) return [bold(cut(first, width)), paint('dim', cut(second, width))];
  return [`${bold(first)}${' '.repeat(gap)}${paint('dim', second)}`];
}

const VERDICT_COLOURS: Readonly<Record<WatchState['verdict']['verdict'], Colour>> = {
  pending: 'cyan',
  continue: 'green',
  rollback: 'red',
  inconclusive: 'yellow',
  superseded: 'dim',
  cancelled: 'dim',
};

function progressLines(state: WatchState, width: number, place: FramePlace): readonly string[] {
  const { verdict } = state;
  const { paint } = place;
  const { p, alpha, harmProbability } = numbersOf(state);
  const word = paint(VERDICT_COLOURS[verdict.verdict], paint('bold', verdict.verdict.toUpperCase()));
  const room = Math.max(8, Math.min(48, width - LABEL_WIDTH - 20));
  return [
    `${word}${lookText(state, place.nowMs, width - verdict.verdict.length)}`,
    ...barLines(state, width, paint),
    labelled('harm', percent(harmProbability), `prior ${percent(verdict.prior)}`, width, paint),
    labelled('p', probability(p), `rollback at α ${probability(alpha)}`, width, paint),
    ...(width >= 44 ? [`${' '.repeat(LABEL_WIDTH)}${paint('dim', pGauge(p, alpha, room))}`] : []),
    labelled('guarantee', verdict.guarantee, calibrationText(state), width, paint),
  ];
}

function numbersOf({ verdict, progress }: WatchState): {
  readonly p: number;
  readonly alpha: number;
  readonly harmProbability: number;
} {
  const newest = progress.looks.at(-1);
  if (verdict.final || newest === undefined) return verdict;
  return {
    p: newest.p,
    harmProbability: newest.harmProbability,
    alpha: progress.watch?.alpha ?? verdict.alpha,
  };
}

/** As much of it as fits: clocks go before the look does. */
function lookText(state: WatchState, nowMs: number, width: number): string {
  const { verdict, progress } = state;
  const isOver = verdict.final && !isTailing(state);
  const { watch, nextLookAt } = progress;
  if (watch === undefined) return '';
  const endMs = isOver ? Date.parse(verdict.decidedAt) : nowMs;
  const name = isTailing(state) ? 'tail look' : 'look';
  const look = `  ${name} ${isOver ? verdict.look : watch.lastLook} of ${watch.plannedLooks}`;
  const parts = [` · ${clockTime(endMs - Date.parse(watch.changeAt))} since the change`];
  if (!isOver && nextLookAt !== undefined) {
    const dueMs = Date.parse(nextLookAt) - nowMs;
    parts.push(dueMs > 0 ? ` · next look in ${clockTime(dueMs)}` : ' · looking');
  }
  return parts.reduce(
    (text, part) => (textWidth(text + part) <= width ? text + part : text),
    cut(look, width),
  );
}

function barLines({ progress }: WatchState, width: number, paint: Paint): readonly string[] {
  if (progress.watch === undefined) return [];
  const cells = lookBar(progress.looks, progress.watch, width);
  return [cells.map(({ glyph, harmProbability }) => paint(cellColour(harmProbability), glyph)).join('')];
}

function cellColour(harmProbability: number | undefined): Colour {
  if (harmProbability === undefined) return 'dim';
  if (harmProbability >= 0.8) return 'red';
  return harmProbability >= 0.4 ? 'yellow' : 'green';
}

function labelled(label: string, value: string, more: string, width: number, paint: Paint): string {
  const text = `${label.padEnd(LABEL_WIDTH)}${value}`;
  const rest = cut(more === '' ? '' : `  ${more}`, width - textWidth(text));
  return `${paint('dim', label.padEnd(LABEL_WIDTH))}${value}${paint('dim', rest)}`;
}

function calibrationText({ verdict }: WatchState): string {
  const { calibration } = verdict;
  if (calibration === undefined || verdict.guarantee !== 'placebo') return '';
  return `${calibration.placebos} placebos, worth ${Math.floor(calibration.effectivePlacebos)} independent ones`;
}

function reasonLines(state: WatchState, width: number, paint: Paint): readonly string[] {
  const { verdict } = state;
  const blame = attributionLines(verdict).map((text) => ({ text }));
  const brakes = verdict.brakes.map(({ brake, text }) => ({ text: `${brake}: ${text}` }));
  const checks = (verdict.checks ?? []).map(({ name, standing }) => ({ text: `${name}: ${standing}` }));
  return [
    ...list('Why', verdict.final ? verdict.reasons : [], width, paint),
    ...list(
      'Held by a person',
      verdict.hold === undefined ? [] : [{ text: verdict.hold.reason }],
      width,
      paint,
    ),
    ...list('Required checks', checks, width, paint),
    ...list('Still needed', stillNeeded(state), width, paint),
    ...list(
      'What would change it',
      aheadTexts(readingOf(state)).map((text) => ({ text })),
      width,
      paint,
    ),
    ...list('Is it this deployment?', blame, width, paint),
    ...list('Held back', brakes, width, paint),
  ];
}

/** Of the newest look, and beside it what only the verdict knows, such as checks. */
function stillNeeded({ verdict, progress }: WatchState): WatchState['verdict']['stillNeeded'] {
  if (verdict.final || progress.stillNeeded.length === 0) return verdict.stillNeeded;
  const isNew = new Set(progress.stillNeeded.map(({ code }) => code));
  const besides = verdict.stillNeeded.filter(({ code }) => /check|hold|held/.test(code) && !isNew.has(code));
  return [...progress.stillNeeded, ...besides];
}

const MOST_ENTRIES = 6;

function list(
  title: string,
  entries: readonly { readonly text: string }[],
  width: number,
  paint: Paint,
): readonly string[] {
  if (entries.length === 0) return [];
  const shown = entries.slice(0, MOST_ENTRIES);
  const more = entries.length - shown.length;
  return [
    paint('dim', title),
    ...shown.flatMap(({ text }) =>
      wrap(plain(text), width - 2).map((line, index) => `${index === 0 ? '· ' : '  '}${line}`),
    ),
    ...(more > 0 ? [paint('dim', `  … and ${more} more`)] : []),
  ];
}

function lostLines(
  { sinceMs, reason }: Lost,
  width: number,
  { nowMs, paint }: FramePlace,
): readonly string[] {
  const [first = ''] = reason.split('\n');
  const text = `No answer for ${clockTime(nowMs - sinceMs)}; trying again. The watch goes on by itself. (${first})`;
  return wrap(plain(text), width).map((line) => paint('yellow', line));
}
