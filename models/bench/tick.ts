/**
 * What the science of a watch costs on one core: 20 metrics with 7 days of minutes, of each shape.
 *
 *   node --expose-gc models/dist/bench/tick.js [--watches 5] [--seed 1]
 *
 * For each kind of watch: the time of `calibrate`, of `assess`, bare and with its explanation, over every look of every watch, and what a
 * calibration holds in memory; then the Mann-Whitney test alone on the same windows, here and in scipy where Python has it.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SHIPPED_MODEL, type WindowScorer } from '../src/index.js';
import { loadLearnedScorer } from '../src/learned/index.js';
import { HISTORY, METRICS, type SpeedCase } from './speed/busy-service.js';
import { compareMannWhitney } from './speed/compare-mann-whitney.js';
import { measureCase } from './speed/measure-case.js';
import { middleAndTail, quantileOf } from './speed/times.js';

const DEFAULTS = { looks: 60, alpha: 0.05 };
/** About 600 placebos: more than 7 days hold of watches of an hour. */
const MANY_PLACEBOS = { looks: 30, alpha: 1 / 160 };

const CASES: readonly SpeedCase[] = [
  ...(['gauge', 'ratio', 'histogram'] as const).flatMap((shape) => [
    { shape, ...DEFAULTS },
    { shape, ...MANY_PLACEBOS },
  ]),
  { shape: 'gauge', ...DEFAULTS, isLearnedAsked: true },
  { shape: 'gauge', ...MANY_PLACEBOS, isLearnedAsked: true },
];
/** From `models/dist/bench`. */
const WEIGHTS = new URL(`../../artifacts/${SHIPPED_MODEL.model}/weights.bin`, import.meta.url);

function row(one: SpeedCase, watches: number, seed: number, model: WindowScorer): string {
  const cost = measureCase(one, watches, seed, model);
  const prepare = `${quantileOf(cost.prepareMs, 0.5).toFixed(0)} / ${quantileOf(cost.prepareMs, 1).toFixed(0)}`;
  const cells = [
    `${METRICS} × ${one.shape}${one.isLearnedAsked === true ? ', learned' : ''}`,
    `${cost.placebos} × ${one.looks}`,
    cost.guarantee,
    prepare,
    quantileOf(cost.prepareCpuMs, 0.5).toFixed(0),
    middleAndTail(cost.lookMs),
    cost.declaredMs.length === 0 ? '–' : middleAndTail(cost.declaredMs),
    middleAndTail(cost.explainedMs),
    (cost.bytesPerMetric / 1024).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { watches: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } },
  });
  const [watches, seed] = [Number(values.watches), Number(values.seed)];
  if (globalThis.gc === undefined)
    console.log('Run with --expose-gc for memory figures that mean something.');
  console.log(
    `${watches} watches a row, ${HISTORY} intervals of history, seed ${seed}; bars: 1500 ms to prepare at 600 placebos, 3 ms a look at p50, 16 KiB a metric; with the learned scorer 20 s and 25 ms at a declared look\n`,
  );
  const model = await loadLearnedScorer(readFileSync(WEIGHTS), ['wasm', 'cpu']);
  console.log(
    '| metrics | placebos × looks | judged by | prepare ms, median / most | its processor ms | look ms, p50 / p99 | declared look | explained | KiB a metric |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const one of CASES) console.log(row(one, watches, seed, model));
  console.log(`\nA look of ${METRICS} gauges by the Mann-Whitney test alone, p50 / p99:`);
  for (const line of compareMannWhitney({ shape: 'gauge', ...DEFAULTS }, seed)) console.log(line);
}

await main();
