/**
 * How often a harmless deployment is rolled back, looking at every tick, beside a repeated Mann-Whitney test on the same
 * data; and how often and how soon a shift of two standard deviations is found.
 *
 *   node models/dist/bench/false-rollbacks.js [--deployments 1000] [--seed 1] [--workers 2] [--metrics 1,20] [--out table.md]
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { wilsonInterval } from '../src/index.js';
import { median } from 'simple-statistics';
import type { CellResult, CellTask } from './false-rollback-cell.js';
import type { SyntheticService } from './synthetic-service.js';

/** Ten days of five-minute intervals, a watch of two hours: 24 looks. */
const BASE = { history: 2880, looks: 24, day: 288, alpha: 0.05 };
/** Intervals from the start of a release to a later step: three hours. */
const GAP = 36;
/** Deployments handed to a worker at once. */
const BATCH = 25;

interface Cell {
  readonly service: SyntheticService;
  readonly title: string;
}

function cells(): readonly Cell[] {
  const first = [1, 20].flatMap((metrics) =>
    [0, 0.5, 0.8].flatMap((phi) =>
      [false, true].map((season) => ({
        service: { ...BASE, gap: 0, metrics, phi, season },
        title: `${metrics} | ${phi} | ${season ? 'yes' : 'no'}`,
      })),
    ),
  );
  const later = [0.5, 0.8].map((phi) => ({
    service: { ...BASE, gap: GAP, metrics: 1, phi, season: true },
    title: `1, step ${GAP} intervals after the release began | ${phi} | yes`,
  }));
  return [...first, ...later];
}

/** Runs all batches of one cell over the workers and adds the results up. */
async function runCell(pool: readonly Worker[], tasks: CellTask[]): Promise<CellResult> {
  const results: CellResult[] = [];
  await Promise.all(
    pool.map(async (worker) => {
      for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
        worker.postMessage(task);
        const [result] = (await once(worker, 'message')) as [CellResult];
        results.push(result);
      }
    }),
  );
  const sum = (pick: (result: CellResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  return {
    deployments: sum((result) => result.deployments),
    rollbacks: sum((result) => result.rollbacks),
    mannWhitney: sum((result) => result.mannWhitney),
    injected: sum((result) => result.injected),
    found: sum((result) => result.found),
    delays: results.flatMap((result) => result.delays),
    effective: results.flatMap((result) => result.effective),
  };
}

function rate(count: number, trials: number): string {
  const { low, high } = wilsonInterval(count, trials);
  const percent = (share: number): string => (100 * share).toFixed(1);
  return `${percent(count / trials)} % [${percent(low)}–${percent(high)}]`;
}

function row(title: string, result: CellResult): string {
  const delay = result.delays.length === 0 ? '–' : `${median(result.delays)} looks`;
  return `| ${title} | ${rate(result.rollbacks, result.deployments)} | ${rate(result.mannWhitney, result.deployments)} | ${rate(result.found, result.injected)} | ${delay} | ${median(result.effective).toFixed(0)} |`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      deployments: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      metrics: { type: 'string', default: '1,20' },
      out: { type: 'string' },
    },
  });
  const deployments = Number(values.deployments);
  const pool = Array.from(
    { length: Number(values.workers) },
    () => new Worker(new URL('./false-rollback-cell.js', import.meta.url)),
  );
  const started = performance.now();
  const lines = [
    `A/A deployments a cell: ${deployments}, seed ${values.seed}, α = 5 %, a look at every one of ${BASE.looks} intervals; 95 % Wilson intervals. Found: a shift of +0.2 log units (2 standard deviations of the noise) in one metric.`,
    '',
    '| metrics | AR(1) | daily season | false rollbacks | repeated Mann-Whitney at 98 % | shift found | median delay | effective placebos |',
    '|---|---|---|---|---|---|---|---|',
  ];
  const wanted = values.metrics.split(',').map(Number);
  for (const [index, cell] of cells().entries()) {
    if (!wanted.includes(cell.service.metrics)) continue;
    const tasks = Array.from({ length: Math.ceil(deployments / BATCH) }, (_, batch): CellTask => ({
      service: cell.service,
      firstSeed: Number(values.seed) * 1_000_000_000 + index * 1_000_000 + batch * BATCH,
      deployments: Math.min(BATCH, deployments - batch * BATCH),
    }));
    lines.push(row(cell.title, await runCell(pool, tasks)));
    console.error(`${((performance.now() - started) / 1000).toFixed(0)} s  ${lines.at(-1) ?? ''}`);
  }
  await Promise.all(pool.map((worker) => worker.terminate()));
  const table = `${lines.join('\n')}\n`;
  console.log(table);
  if (values.out !== undefined) writeFileSync(values.out, table);
}

await main();
