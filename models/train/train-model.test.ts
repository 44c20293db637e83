import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLearnedScorer } from '../src/learned/learned-scorer.js';
import { SHIPPED_MODEL } from '../src/learned/shipped-model.js';
import { INPUT_SIZE, LINES_SIZE } from '../src/learned/window-shape.js';
import { createRandom } from '../src/statistical/random.js';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { HELD_OUT_FAMILIES, TRAINING_FAMILIES } from './families.js';
import { rankHeldOut } from './held-out.js';
import { modelCard } from './model-card.js';
import { syntheticBatch } from './synthetic-batch.js';
import { blindfold, learningRateAt, SHIPPED_PLAN, trainModel, type TrainingPlan } from './train-model.js';
import { trainingFingerprint } from './training-fingerprint.js';

const shipped = readFileSync(new URL('../artifacts/window-mixer/1.0.0/weights.bin', import.meta.url));
const plan: TrainingPlan = { ...SHIPPED_PLAN, steps: 4, batch: 16 };

describe('syntheticBatch', () => {
  it.each([...TRAINING_FAMILIES, ...HELD_OUT_FAMILIES])(
    '$name gives finite windows of both kinds, the same for the same seed',
    (family) => {
      const { inputs, labels, kinds } = syntheticBatch([family], 60, createRandom(1));
      expect(inputs.every(Number.isFinite)).toBe(true);
      expect(syntheticBatch([family], 60, createRandom(1)).inputs).toEqual(inputs);
      const harmful = labels.reduce((sum, label) => sum + label, 0);
      expect(harmful).toBeGreaterThan(15);
      expect(harmful).toBeLessThan(45);
      expect(kinds).toContain('quiet');
    },
  );
});

describe('trainModel', () => {
  it('gives the same weights again, interrupted or not, through a stored checkpoint', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-train-'));
    const path = join(folder, 'training.json');
    const losses: number[] = [];
    const whole = await trainModel(
      plan,
      'wasm',
      ({ step, loss, state }) => {
        losses.push(loss);
        if (step === 2) saveCheckpoint(path, 'this one', state());
      },
      { reportEvery: 1 },
    );
    expect(losses).toHaveLength(4);
    const stored = loadCheckpoint(path, 'this one');
    expect(loadCheckpoint(path, 'another').kind).toBe('stale');
    rmSync(folder, { recursive: true });
    expect(loadCheckpoint(path, 'this one').kind).toBe('none');
    if (stored.kind !== 'found') throw new Error('the checkpoint was not found');
    expect(stored.state.steps).toBe(2);
    expect(await trainModel(plan, 'wasm', () => undefined, { from: stored.state })).toEqual(whole);
  });

  it('is told apart by its plan and by what its first step does', async () => {
    const short: TrainingPlan = { ...plan, batch: 4 };
    const fingerprint = await trainingFingerprint(short, 'wasm');
    expect(await trainingFingerprint(short, 'wasm')).toBe(fingerprint);
    expect(await trainingFingerprint({ ...short, seed: 2 }, 'wasm')).not.toBe(fingerprint);
  });

  it('warms up, then slows down to a stop', () => {
    const rates = Array.from({ length: SHIPPED_PLAN.steps }, (_, step) => learningRateAt(SHIPPED_PLAN, step));
    expect(Math.max(...rates)).toBeCloseTo(SHIPPED_PLAN.learningRate, 4);
    expect(rates[0]).toBeLessThan(1e-4);
    expect(rates.at(-1)).toBeLessThan(1e-6);
  });

  it('blanks what an ablation may not see', () => {
    const seen = new Float32Array(2 * INPUT_SIZE).fill(1);
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
    const [lines, features] = [seen.slice(), seen.slice()];
    blindfold(lines, 'lines');
    blindfold(features, 'features');
    blindfold(seen, 'nothing');
    expect([sum(lines), sum(features), sum(seen)]).toEqual([
      2 * (INPUT_SIZE - LINES_SIZE),
      2 * LINES_SIZE,
      2 * INPUT_SIZE,
    ]);
  });
});

describe('the shipped model', () => {
  it('ranks windows that it has never seen, of known and of unknown families', async () => {
    const rankings = rankHeldOut(await loadLearnedScorer(shipped, ['wasm']), 500, 5);
    const learned = rankings.filter(({ name }) => name.endsWith('learned'));
    expect(learned).toHaveLength(6);
    for (const { auc, name, look } of learned) {
      expect(auc, `${name}, look ${look}`).toBeGreaterThan(0.75);
      const others = rankings.filter(
        (each) => each.look === look && each.name.startsWith(name.split(',')[0] ?? ''),
      );
      expect(Math.max(...others.map((each) => each.auc))).toBe(auc);
    }
  });

  it('is the one that its card describes', () => {
    const card = readFileSync(new URL('../artifacts/window-mixer/1.0.0/CARD.md', import.meta.url), 'utf8');
    const facts = { model: SHIPPED_MODEL.model, plan: SHIPPED_PLAN, backend: 'wasm', bytes: shipped };
    const hash = /SHA-256 `[0-9a-f]{64}`/;
    const written = modelCard({ ...facts, rankings: [], windows: 1 });
    expect(card.match(hash)?.[0]).toBe(written.match(hash)?.[0]);
    expect(card).toContain(SHIPPED_MODEL.sha256);
    expect(card).toContain(`# ${SHIPPED_MODEL.model}`);
    expect(card).toContain(`Seed ${SHIPPED_PLAN.seed}, ${SHIPPED_PLAN.steps} steps`);
  });
});
