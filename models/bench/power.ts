/**
 * How often and how soon harm is found: errors between concurrent arms, a latency shift, and kinds of harm; each beside the same
 * deployments without harm, and beside repeated tests.
 *
 *   node models/dist/bench/power.js [--pasts 250] [--futures 4] [--seed 1] [--cells "kinds shift"]… [--part 1/4]
 *     [--rows power.jsonl] [--resume] [--minutes 30] [--workers 2] [--table]
 */
import { quantileSorted } from 'simple-statistics';
import { alarmClusters, delaysOf, foundClusters } from './aggregate-alarms.js';
import { clusteredInterval, clusteredRate, type Cluster } from './clustered-rate.js';
import { powerCases, type PowerCase } from './power-cells.js';
import { simulate } from './simulate.js';
import { MANN_WHITNEY, OURS, Z_TEST, type PastResult, type TrialResult } from './trial.js';

const METHODS = [
  [OURS, 'Bellwether'],
  [MANN_WHITNEY, 'Mann-Whitney, each look'],
  [Z_TEST, 'z-test, each look'],
] as const;

function rateText(clusters: readonly Cluster[]): string {
  if (clusters.length === 0) return '–';
  const rate = clusteredRate(clusters);
  const { low, high } = clusteredInterval(rate, 0.025);
  const percent = (share: number): string => (100 * share).toFixed(1);
  return `${percent(rate.share)} % [${percent(low)}–${percent(high)}]`;
}

function delayText(delays: readonly number[]): string {
  if (delays.length === 0) return '–';
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): string => quantileSorted(sorted, share).toFixed(0);
  return `${at(0.5)} / ${at(0.9)}`;
}

function tableOf(results: readonly TrialResult[], cases: readonly PowerCase[]): string {
  const pastsOf = (id: string): readonly PastResult[] =>
    results.filter(({ cell }) => cell === id).flatMap(({ pasts }) => pasts);
  const rows = cases.flatMap(({ title, harmed, quiet, onset }) => {
    const [bad, good] = [pastsOf(harmed.id), pastsOf(quiet.id)];
    if (bad.length === 0) return [];
    return METHODS.map(([method, name]) => {
      const found = foundClusters(bad, method, onset);
      const deployments = found.reduce((sum, { of }) => sum + of, 0);
      return `| ${title} | ${name} | ${deployments} of ${found.length} | ${rateText(found)} | ${delayText(delaysOf(bad, method, onset))} | ${rateText(alarmClusters(good, method))} |`;
    });
  });
  return [
    '| harm | method | deployments of pasts | found within the hour [95 %] | delay 50/90 %, min | false rollbacks without it [95 %] |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

await simulate(
  {
    name: 'power',
    cellsOf: ({ futures }) => {
      const cells = powerCases(futures).flatMap(({ quiet, harmed }) => [quiet, harmed]);
      return [...new Map(cells.map((cell) => [cell.id, cell])).values()];
    },
    tableOf: (results, { futures }) => tableOf(results, powerCases(futures)),
  },
  process.argv.slice(2),
);
