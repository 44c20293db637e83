import type { CommandIo } from '../command-io.js';
import { plain } from '../terminal/plain-text.js';
import { attributionLines } from './attribution-lines.js';
import type { Conclusion } from './conclude.js';
import { clockTime, percent, probability, signedPercent } from './numbers.js';
import { readingLines } from './reading-lines.js';
import { summaryLines } from './summary.js';
import { isTailing, type WatchEnd, type WatchEvent, type WatchState } from './watch-state.js';
import type { WatchView } from './watch-view.js';

/** Logs of a pipeline need no more lines than this, however short the intervals are. */
const LEAST_BETWEEN_MS = 1_000;
/** Of the metrics that decided nothing. */
const MOST_BESIDE = 5;

/** Plain lines for where there is no terminal: one a look, one a verdict, each with its time. */
export function createLineView(
  io: CommandIo,
  place: { readonly id: string; readonly baseUrl: string; readonly clock: () => number },
): WatchView {
  const line = (text: string): void =>
    io.out(`${new Date(place.clock()).toISOString().replace(/\.\d+Z$/, 'Z')} ${plain(text)}\n`);
  let shown: { readonly look: string; readonly atMs: number } | undefined;
  const showState = (state: WatchState, isNewVerdict: boolean): void => {
    const look = `${state.progress.watch?.id ?? ''}/${state.progress.watch?.lastLook ?? 0}`;
    if (shown === undefined) line(introduction(state));
    const isDue = look !== shown?.look && place.clock() - (shown?.atMs ?? 0) >= LEAST_BETWEEN_MS;
    if (isDue && (!state.verdict.final || isTailing(state))) {
      line(lookLine(state));
      shown = { look, atMs: place.clock() };
    }
    if (isNewVerdict) for (const text of verdictLines(state)) line(text);
  };
  return {
    show(event: WatchEvent) {
      if (event.kind === 'state') showState(event.state, event.isNewVerdict);
      else if (event.kind === 'lost')
        line(
          `no answer; trying again, the watch goes on by itself (${event.lost.reason.split('\n')[0] ?? ''})`,
        );
      else line(`the service answers again, after ${clockTime(event.afterMs)}`);
    },
    abandon: () => undefined,
    end(end: WatchEnd, conclusion: Conclusion) {
      for (const text of summaryLines(end, conclusion, place.id, place.baseUrl)) line(text);
    },
  };
}

function introduction({ deployment }: WatchState): string {
  const { service, environment, version, previousVersion } = deployment;
  const versions = previousVersion === undefined ? version : `${previousVersion} → ${version}`;
  return `watching ${deployment.id}: ${service} in ${environment}, ${versions}`;
}

function lookLine(state: WatchState): string {
  const { verdict, progress } = state;
  const { watch, looks, metrics } = progress;
  const newest = looks.at(-1);
  const step = `${isTailing(state) ? 'tail of ' : ''}step "${verdict.step.name}"`;
  if (watch === undefined) return `${step}: not watched yet`;
  if (newest === undefined)
    return `${step} look 0/${watch.plannedLooks}: ${progress.nextLookAt === undefined ? 'no look yet' : `first look at ${progress.nextLookAt}`}`;
  const numbers = `p=${probability(newest.p)} α=${probability(watch.alpha)} harm=${percent(newest.harmProbability)}`;
  const top = metrics.toSorted((a, b) => b.contribution - a.contribution)[0];
  return `${step} look ${watch.lastLook}/${watch.plannedLooks} ${numbers}${top === undefined ? '' : ` ${metricText(top)}`}`;
}

function metricText({ name, status, effect }: WatchState['progress']['metrics'][number]): string {
  return `${name}: ${effect === undefined ? '' : `${signedPercent(effect.relative)}, `}${status}`;
}

function verdictLines({ verdict }: WatchState): readonly string[] {
  const head = `verdict ${verdict.verdict.toUpperCase()} for step "${verdict.step.name}" (${verdict.rule}, guarantee ${verdict.guarantee})`;
  return [
    head,
    ...readingLines(verdict).map((text) => `  ${text}`),
    ...verdict.reasons.map(({ text }) => `  ${text}`),
    ...attributionLines(verdict).map((text) => `  ${text}`),
    ...verdict.brakes.map(({ brake, text }) => `  held back, ${brake}: ${text}`),
    ...verdict.stillNeeded.map(({ text }) => `  still needed: ${text}`),
    ...withoutASay(verdict),
  ];
}

/** Advisory metrics that stand out although the verdict is another: the unforeseen, which only a reader can judge. */
function withoutASay({ final, verdict, metrics }: WatchState['verdict']): readonly string[] {
  if (!final || verdict === 'rollback') return [];
  return metrics
    .filter(({ status, contribution }) => status === 'harmed' && contribution === 0)
    .slice(0, MOST_BESIDE)
    .map(({ text }) => `  stands out without a say: ${text}`);
}
