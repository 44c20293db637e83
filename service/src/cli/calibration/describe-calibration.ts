import type { WireEnvironment } from '../calibration-api.js';
import { plain } from '../terminal/plain-text.js';
import { table } from '../terminal/table.js';
import { percent, probability } from '../watch/numbers.js';
import { tuningLines } from './tuning-lines.js';

type Share = WireEnvironment['labelled']['falseRollbacks'];

/** What `calibration` prints of one environment. */
export function describeCalibration(one: WireEnvironment): string {
  return [
    `${plain(one.environment)}: policy "${plain(one.policy)}", α ${probability(one.alpha)}`,
    ...section('False rollbacks on quiet moments', freshLines(one.freshChecks)),
    ...section('Against what people said', labelledLines(one.labelled)),
    ...section('Learned from it', tuningLines(one.tuning)),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', `  ${title}`, ...lines.map((line) => `    ${line}`)];
}

function freshLines(checks: WireEnvironment['freshChecks']): readonly string[] {
  const { judged, rolledBack, rate, low, high, alpha, notJudged, isOff, newestAt } = checks;
  const left = notJudged === 0 ? [] : [`${notJudged} more could not be judged.`];
  if (rate === undefined || newestAt === undefined) return ['None was judged yet.', ...left];
  return [
    `${rolledBack} of ${judged} would have been rolled back: ${percent(rate)} (${percent(low)} to ${percent(high)}), α ${percent(alpha)}`,
    isOff
      ? 'The error rate does NOT hold: verdicts say "calibration-off".'
      : low <= alpha && alpha <= high
        ? 'In step with α so far.'
        : 'Below α: the error rate holds.',
    ...left,
    `Newest: ${newestAt}`,
  ];
}

function labelledLines(labelled: WireEnvironment['labelled']): readonly string[] {
  const { releases, labelled: spokenOf, falseRollbacks, missedHarm, brier, brierSkill, bins } = labelled;
  if (spokenOf === 0)
    return [`Nobody has spoken of the last ${releases} releases yet ("bellwether feedback").`];
  const filled = bins.filter(({ was }) => was.of > 0);
  return [
    `${spokenOf} of the last ${releases} releases were spoken of.`,
    `False rollbacks: ${counted(falseRollbacks)} without harm.`,
    `Missed harm: ${counted(missedHarm)} with harm.`,
    ...(brier === undefined ? [] : [`Brier ${probability(brier)}${skill(brierSkill)}`]),
    ...(filled.length === 0 ? [] : reliability(filled)),
  ];
}

function counted({ count, of, rate, low, high }: Share): string {
  if (rate === undefined) return 'no release';
  return `${count} of ${of} releases (${percent(low)} to ${percent(high)})`;
}

function skill(value: number | undefined): string {
  return value === undefined ? '' : `, skill against the base rate ${value.toFixed(2)}`;
}

function reliability(bins: WireEnvironment['labelled']['bins']): readonly string[] {
  const rows = bins.map(({ from, to, said, was }) => [
    `${percent(from)} to ${percent(to)}`,
    said === undefined ? '' : percent(said),
    was.rate === undefined ? '' : percent(was.rate),
    `${percent(was.low)} to ${percent(was.high)}`,
    String(was.of),
  ]);
  return table(['HARM', 'SAID', 'WAS', 'INTERVAL', 'RELEASES'], rows).split('\n');
}
