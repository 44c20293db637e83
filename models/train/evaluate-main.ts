// Ranks the windows of labelled cases by the learned scorer and by single statistics; nothing is tuned on them:
// node models/dist/train/evaluate-main.js --cases DIR/SET [--weights FILE] [--blind lines|features]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadLearnedScorer } from '../src/learned/learned-scorer.js';
import { writeWindowInput } from '../src/learned/window-input.js';
import { INPUT_SIZE } from '../src/learned/window-shape.js';
import { type CaseWindow, readCases } from './case-windows.js';
import { featureOf, MEASURED_LOOKS, ranking, SINGLE_STATISTICS } from './held-out.js';
import { blindfold } from './train-model.js';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string' },
    weights: { type: 'string' },
    blind: { type: 'string', default: 'nothing' },
  },
});
const folder = options.cases ?? process.env['BELLWETHER_CASES'];
if (folder === undefined) throw new Error('--cases must name the folder of a set of cases');
const weights =
  options.weights ?? new URL('../../artifacts/window-mixer/1.0.0/weights.bin', import.meta.url).pathname;
const scorer = await loadLearnedScorer(readFileSync(weights));
const blind = blindOf(options.blind);

const cases: CaseWindow[] = [];
for await (const each of readCases(folder)) cases.push(each);
const harmful = cases.map((each) => each.harmful);

function blindOf(asked: string): Parameters<typeof blindfold>[1] {
  if (asked === 'nothing' || asked === 'lines' || asked === 'features') return asked;
  throw new Error(`--blind must be "lines", "features" or "nothing", not "${asked}"`);
}

const REFERENCE_DAYS = [1, 2, 3, 7];

/** Each case's larger value of the two directions; 0 where the window says too little. */
function largest(
  look: number,
  days: readonly number[],
  of: (inputs: Float32Array, count: number) => Float32Array,
) {
  const inputs = new Float32Array(2 * cases.length * INPUT_SIZE);
  const known = cases.map(({ values, at, intervalsPerDay }, index) => {
    const lags = days.map((day) => day * intervalsPerDay).filter((lag) => lag < at);
    const request = { values, at, look, plannedLooks: 60, lags };
    return (['up', 'down'] as const).map((direction, side) =>
      writeWindowInput({ ...request, direction }, inputs, 2 * index + side),
    );
  });
  blindfold(inputs, blind);
  const scores = of(inputs, 2 * cases.length);
  return cases.map((_, index) =>
    known[index]?.[0] ? Math.max(scores[2 * index] ?? 0, scores[2 * index + 1] ?? 0) : -100,
  );
}

function print(name: string, look: number, scores: readonly number[]): void {
  const { auc, truePositives } = ranking(name, look, scores, harmful);
  console.log(`look ${look} · ${name}: AUC ${auc.toFixed(4)}, TPR at 5 % FPR ${truePositives.toFixed(3)}`);
}

console.log(
  `${cases.length} cases, ${harmful.filter(Boolean).length} harmful; ${scorer.model} on ${scorer.backend}`,
);
for (const look of MEASURED_LOOKS) {
  print('learned, days joined', look, largest(look, REFERENCE_DAYS, scorer.score));
  const each = [1, 2, 7].map((day) => largest(look, [day], scorer.score));
  print(
    'learned, smallest over days 1, 2, 7',
    look,
    cases.map((_, index) => Math.min(...each.map((scores) => scores[index] ?? -100))),
  );
  print('learned, no reference day', look, largest(look, [], scorer.score));
  for (const name of SINGLE_STATISTICS) {
    print(
      name,
      look,
      largest(look, REFERENCE_DAYS, (inputs, count) => featureOf(inputs, count, name)),
    );
  }
}
