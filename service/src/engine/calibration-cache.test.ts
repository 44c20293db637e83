import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assess,
  calibrate,
  createRandom,
  INITIAL_CARRIED,
  type Arm,
  type LiveMetric,
  type MetricRule,
  type Snapshot,
} from '@bellwether/models';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../app/window/snapshot-codec.js';
import { cachedCalibrate, type CalibrationCache } from './calibration-cache.js';

fc.configureGlobal({ seed: 20240917 });

const HISTORY = 900;
const LOOKS = 12;
const MOST_BYTES = 10_000_000;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-calibrations-'));
  folders.push(folder);
  return folder;
}

/** A cached `calibrate` that counts how often the work is done. */
function counted(cache: Partial<CalibrationCache> & { readonly folder: string }) {
  let times = 0;
  const ask = cachedCalibrate({ mostBytes: MOST_BYTES, build: 'this one', ...cache }, (snapshot) => {
    times += 1;
    return calibrate(snapshot);
  });
  return { ask, times: () => times };
}

type Shape = Arm['shape'];

function armOf(shape: Shape, seed: number, length: number): Arm {
  const random = createRandom(seed);
  const line = (draw: () => number): Float64Array =>
    Float64Array.from({ length }, () => (random.uniform() < 0.02 ? NaN : draw()));
  if (shape === 'gauge') return { shape, values: line(() => 100 * Math.exp(0.1 * random.normal())) };
  if (shape === 'histogram')
    return {
      shape,
      upperBounds: Float64Array.of(0.1, 0.5, Infinity),
      counts: [500, 100, 5].map((mean) => line(() => random.poisson(mean))),
    };
  return { shape, events: line(() => random.poisson(5)), totals: line(() => 1000 + random.poisson(100)) };
}

function watchOf(shapes: readonly Shape[], seed: number, hasControl: boolean, length = HISTORY) {
  const metrics = (size: number, from: number): readonly LiveMetric[] =>
    shapes.map((shape, index) => ({
      treatment: armOf(shape, from + index, size),
      ...(hasControl ? { control: armOf(shape, from + 100 + index, size) } : {}),
    }));
  const rule = (shape: Shape, index: number): MetricRule => ({
    name: `m${index}`,
    kind: 'latency',
    direction: 'up',
    unit: 's',
    shape,
    minEffect: {},
    tolerance: {},
    criticality: 'normal',
    weight: 1,
    required: true,
    warmupLooks: 0,
  });
  const snapshot: Snapshot = {
    intervalMs: 60_000,
    changeAtMs: 0,
    changeIndex: length,
    plannedLooks: LOOKS,
    metrics: metrics(length, 1000 * seed).map((arms, index) => ({
      rule: rule(shapes[index] ?? 'gauge', index),
      ...arms,
    })),
    excluded: seed % 2 === 0 ? [] : [[200, 230]],
    alpha: 0.05,
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 0.5,
    minCoverage: 0.5,
  };
  return { snapshot, live: metrics(LOOKS, 1000 * seed + 500) };
}

describe('cachedCalibrate', () => {
  it('gives what a fresh calibration gives, to the bit, and so the same assessments', () => {
    const folder = newFolder();
    const shape = fc.constantFrom<Shape>('gauge', 'ratio', 'histogram');
    fc.assert(
      fc.property(
        fc.array(shape, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.boolean(),
        fc.constantFrom(HISTORY, 30),
        (shapes, seed, hasControl, length) => {
          const { snapshot, live } = watchOf(shapes, seed, hasControl, length);
          const fresh = calibrate(snapshot);
          counted({ folder }).ask(snapshot);
          const later = counted({ folder });
          const recalled = later.ask(snapshot);
          expect(later.times()).toBe(0);
          expect(recalled).toStrictEqual(fresh);
          expect(assess(recalled, live, LOOKS, INITIAL_CARRIED)).toStrictEqual(
            assess(fresh, live, LOOKS, INITIAL_CARRIED),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  const { snapshot } = watchOf(['gauge', 'ratio'], 2, false);

  it.each<[string, Snapshot]>([
    [
      'one value in the last bit',
      {
        ...snapshot,
        metrics: snapshot.metrics.map((metric, index) => {
          const { treatment } = metric;
          if (index > 0 || treatment.shape !== 'gauge') return metric;
          const values = treatment.values.map((value, at) =>
            at === 0 ? value * (1 + Number.EPSILON) : value,
          );
          return { ...metric, treatment: { ...treatment, values } };
        }),
      },
    ],
    ['an excluded stretch', { ...snapshot, excluded: [[0, 1]] }],
    ['α', { ...snapshot, alpha: 0.04 }],
    ['the moment of the change', { ...snapshot, changeAtMs: 1 }],
  ])('works anew what differs in %s', (_, other) => {
    const { ask, times } = counted({ folder: newFolder() });
    ask(snapshot);
    ask(other);
    expect(times()).toBe(2);
    ask(other);
    expect(times()).toBe(2);
  });

  it('finds what a snapshot came to after that was in the store', () => {
    const { ask, times } = counted({ folder: newFolder() });
    const { excluded, metrics, ...rest } = snapshot;
    const fresh = ask({ metrics, ...rest, excluded });
    expect(ask(decodeSnapshot(encodeSnapshot(snapshot)))).toStrictEqual(fresh);
    expect(times()).toBe(1);
  });

  it('works anew what another build worked out', () => {
    const folder = newFolder();
    counted({ folder }).ask(snapshot);
    const next = counted({ folder, build: 'the next one' });
    next.ask(snapshot);
    expect(next.times()).toBe(1);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut short', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    [
      'with one bit turned',
      (bytes) => Buffer.from(bytes.map((byte, index) => (index === 4000 ? byte ^ 1 : byte))),
    ],
  ])('works anew what it finds %s, and mends it', (_, damage) => {
    const folder = newFolder();
    const { ask, times } = counted({ folder });
    const fresh = ask(snapshot);
    const [name = ''] = readdirSync(folder);
    const file = join(folder, name);
    const written = readFileSync(file);
    writeFileSync(file, damage(written));
    expect(ask(snapshot)).toStrictEqual(fresh);
    expect(times()).toBe(2);
    expect(readFileSync(file).equals(written)).toBe(true);
  });

  it('does without a folder that cannot be made', () => {
    const file = join(newFolder(), 'a file');
    writeFileSync(file, '');
    const { ask, times } = counted({ folder: join(file, 'below') });
    expect(ask(snapshot)).toStrictEqual(ask(snapshot));
    expect(times()).toBe(2);
  });

  it('keeps no more than it may, the newest last', () => {
    const folder = newFolder();
    counted({ folder }).ask(snapshot);
    const [first] = readdirSync(folder);
    const size = readFileSync(join(folder, first ?? '')).length;
    const { ask, times } = counted({ folder, mostBytes: 2.5 * size });
    const variants = [0.041, 0.042, 0.043].map((alpha) => ({ ...snapshot, alpha }));
    for (const variant of variants) ask(variant);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(readdirSync(folder)).not.toContain(first);
    ask(snapshot);
    expect(times()).toBe(4);
  });
});
