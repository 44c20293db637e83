// Trains the learned scorer and writes its artefact: npm run train -- [--steps N] [--seed N] [--blind lines|features] [--out DIR]
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadLearnedScorer } from '../src/learned/learned-scorer.js';
import { sealModel } from '../src/learned/seal-model.js';
import { SHIPPED_MODEL } from '../src/learned/shipped-model.js';
import { artifactFolder } from './artifact-folder.js';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { rankHeldOut } from './held-out.js';
import { modelCard } from './model-card.js';
import { SHIPPED_PLAN, trainModel, type TrainingPlan } from './train-model.js';
import { trainingFingerprint } from './training-fingerprint.js';

/** What ships; this file runs from `models/dist/train`. */
const SHIPPED_ARTIFACTS = join(import.meta.dirname, '..', '..', 'artifacts');
const BACKEND = 'wasm';
const CHECKPOINT_EVERY_STEPS = 500;
const HELD_OUT_WINDOWS = 3000;
const HELD_OUT_SEED = 90_001;

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    steps: { type: 'string', default: String(SHIPPED_PLAN.steps) },
    seed: { type: 'string', default: String(SHIPPED_PLAN.seed) },
    blind: { type: 'string', default: SHIPPED_PLAN.blind },
  },
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${name} must be a whole number above 0, got ${text}`);
}

function blindOf(text: string): TrainingPlan['blind'] {
  if (text === 'nothing' || text === 'lines' || text === 'features') return text;
  throw new Error(`--blind must be nothing, lines or features, got ${text}`);
}

const plan: TrainingPlan = {
  ...SHIPPED_PLAN,
  steps: wholeNumber('steps', options.steps),
  seed: wholeNumber('seed', options.seed),
  blind: blindOf(options.blind),
};
const folder = artifactFolder(plan, SHIPPED_MODEL.model, SHIPPED_ARTIFACTS, options.out);
mkdirSync(folder, { recursive: true });
const checkpoint = join(folder, 'training.json');
const fingerprint = await trainingFingerprint(plan, BACKEND);
const stored = loadCheckpoint(checkpoint, fingerprint);
const from = stored.kind === 'found' ? stored.state : undefined;
if (from !== undefined) console.log(`goes on at step ${from.steps} of ${plan.steps}`);
if (stored.kind === 'stale')
  console.log(`${checkpoint} is of another plan, code or machine and is not used; the training begins anew`);

const began = performance.now();
const minutes = (): number => (performance.now() - began) / 60_000;
const first = from?.steps ?? 0;
const weights = await trainModel(
  plan,
  BACKEND,
  ({ step, loss, state }) => {
    const left = (minutes() / (step - first)) * (plan.steps - step);
    console.log(
      `step ${step}/${plan.steps} · loss ${loss.toFixed(4)} · ${minutes().toFixed(1)} min, about ${left.toFixed(1)} left`,
    );
    if (step % CHECKPOINT_EVERY_STEPS === 0) saveCheckpoint(checkpoint, fingerprint, state());
  },
  from === undefined ? {} : { from },
);

const bytes = await sealModel(SHIPPED_MODEL.model, weights, BACKEND);
writeFileSync(join(folder, 'weights.bin'), bytes);
const scorer = await loadLearnedScorer(bytes, [BACKEND]);
const rankings = rankHeldOut(scorer, HELD_OUT_WINDOWS, HELD_OUT_SEED, plan.blind);
writeFileSync(
  join(folder, 'CARD.md'),
  modelCard({
    model: SHIPPED_MODEL.model,
    plan,
    backend: BACKEND,
    bytes,
    rankings,
    windows: HELD_OUT_WINDOWS,
  }),
);
rmSync(checkpoint, { force: true });
console.log(`${folder}: ${bytes.length} bytes, trained in ${minutes().toFixed(1)} min`);
for (const { name, look, auc, truePositives } of rankings) {
  console.log(`${name}, look ${look}: AUC ${auc.toFixed(4)}, TPR at 5 % FPR ${truePositives.toFixed(3)}`);
}
