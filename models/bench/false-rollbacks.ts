/**
 * How often a harmless deployment is rolled back, looking at every tick: a grid of autoregression, season, distribution of the noise and
 * number of metrics, over seven days of minutes; and always at one time of the day. Takes hours for all of it; keeps what is done and goes on from there.
 *
 *   node models/dist/bench/false-rollbacks.js [--pasts 250] [--futures 4] [--seed 1] [--cells "1-metric ar-0.9"]… [--part 1/4]
 *     [--rows false-rollbacks.jsonl] [--resume] [--minutes 30] [--workers 2] [--table] [--learned]
 *
 * With `--learned` the learned scorer is asked, too; its results are kept apart. Each past is calibrated once and followed by `--futures` deployments; errors are clustered by past. A cell fails when the lower end of its
 * interval lies above α at a level that is divided over all cells of the grid (Bonferroni), so that a grid without fault fails once in twenty.
 */
import { alarmClusters } from './aggregate-alarms.js';
import { clusteredInterval, clusteredRate } from './clustered-rate.js';
import { gridCells, momentCells } from './false-rollback-cells.js';
import type { TrialCell } from './plan-trials.js';
import { simulate } from './simulate.js';
import { MANN_WHITNEY, OURS, type PastResult, type TrialResult } from './trial.js';

const ALPHA = 0.05;
/** Probability that a grid without fault fails somewhere. */
const FAMILY_LEVEL = 0.05;

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function rateText(pasts: readonly PastResult[], method: string): string {
  const clusters = alarmClusters(pasts, method);
  if (clusters.length === 0) return '–';
  const rate = clusteredRate(clusters);
  const { low, high } = clusteredInterval(rate, 0.025);
  return `${percent(rate.share)} ± ${percent(rate.standardError)} % [${percent(low)}–${percent(high)}]`;
}

/** The lower end of the share of false rollbacks at the level that is left for one cell. */
function certainShare(pasts: readonly PastResult[], cells: number): number {
  return clusteredInterval(clusteredRate(alarmClusters(pasts, OURS)), FAMILY_LEVEL / cells).low;
}

function tableOf(title: string, results: readonly TrialResult[], grid: readonly string[]): string {
  const cells = grid.flatMap((id) => {
    const pasts = results.filter(({ cell }) => cell === id).flatMap((result) => result.pasts);
    return pasts.length === 0 ? [] : [{ id, pasts, certain: certainShare(pasts, grid.length) }];
  });
  if (cells.length === 0) return `${title}: not run.`;
  const failed = cells.filter(({ certain }) => certain > ALPHA);
  const rows = cells.map(({ id, pasts, certain }) => {
    const { of, effective } = clusteredRate(alarmClusters(pasts, OURS));
    const placebos = pasts.reduce((sum, past) => sum + past.effectivePlacebos, 0) / pasts.length;
    const verdict = certain > ALPHA ? 'ABOVE α' : 'within';
    return `| ${id.replaceAll('/', ' | ')} | ${of} of ${pasts.length} | ${effective.toFixed(0)} | ${rateText(pasts, OURS)} | ${verdict} | ${rateText(pasts, MANN_WHITNEY)} | ${placebos.toFixed(0)} |`;
  });
  const all = cells.flatMap(({ pasts }) => pasts);
  return [
    `${title}:`,
    '',
    '| metrics | AR(1) | season | noise | deployments of pasts | worth | false rollbacks ± SE [95 %] | bound over all cells | Mann-Whitney, each look | effective placebos |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `All ${cells.length} of ${grid.length} cells: ${rateText(all, OURS)}. Above α = ${percent(ALPHA)} % beyond the bound over ${grid.length} cells: ${failed.length === 0 ? 'none' : failed.map(({ id }) => id).join(', ')}.`,
  ].join('\n');
}

function ids(cells: readonly TrialCell[]): readonly string[] {
  return cells.map(({ id }) => id);
}

await simulate(
  {
    name: 'false-rollbacks',
    cellsOf: ({ futures }) => [...gridCells(futures), ...momentCells(futures)],
    tableOf: (results, { futures }) =>
      [
        tableOf('At any time of the day', results, ids(gridCells(futures))),
        tableOf('Always at the same time of the day', results, ids(momentCells(futures))),
      ].join('\n\n'),
  },
  process.argv.slice(2),
);
