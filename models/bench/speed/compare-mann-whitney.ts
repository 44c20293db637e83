import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mannWhitney, type Arm } from '../../src/index.js';
import { drawBusyService, HISTORY, type SpeedCase } from './busy-service.js';
import { middleAndTail } from './times.js';

/** Intervals before the change that the windows are compared with. */
const BEFORE = 60;
const ROUNDS = 3;
const SCRIPT = fileURLToPath(new URL('../../../bench/speed/mann_whitney.py', import.meta.url));

type Answer =
  | { readonly missing: string }
  | {
      readonly scipy: string;
      readonly lookMs: readonly number[];
      readonly p: readonly (readonly number[])[];
    };

function askPython(before: readonly Float64Array[], after: readonly Float64Array[]): Answer {
  const input = JSON.stringify({
    before: before.map((line) => [...line]),
    after: after.map((line) => [...line]),
    rounds: ROUNDS,
  });
  const { error, status, stdout, stderr } = spawnSync('python3', [SCRIPT], { input, encoding: 'utf8' });
  if (error !== undefined) return { missing: error.message };
  if (status !== 0) return { missing: stderr.trim().split('\n').at(-1) ?? `python3 ended with ${status}` };
  return JSON.parse(stdout) as Answer;
}

function valuesOf(arm: Arm): Float64Array {
  return arm.shape === 'gauge' ? arm.values : new Float64Array(0);
}

/** What the test alone costs, at the same looks on the same windows, here and in scipy; lines for people. */
export function compareMannWhitney(one: SpeedCase, seed: number): readonly string[] {
  const { snapshot, live } = drawBusyService({ ...one, shape: 'gauge' }, seed);
  const before = snapshot.metrics.map(({ treatment }) => valuesOf(treatment).subarray(HISTORY - BEFORE));
  const after = live.map(({ treatment }) => valuesOf(treatment));
  const lookMs: number[] = [];
  const p: number[][] = [];
  for (let look = 2; look <= one.looks; look++) {
    let fastest = Infinity;
    let found: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      found = after.map((line, index) => mannWhitney(line.subarray(0, look), before[index] ?? line).p);
      fastest = Math.min(fastest, performance.now() - started);
    }
    lookMs.push(fastest);
    p.push(found);
  }
  const ours = `- this package's own Mann-Whitney test: ${middleAndTail(lookMs)} ms`;
  const answer = askPython(before, after);
  if ('missing' in answer)
    return [ours, `- scipy: not measured (${answer.missing}); install Python 3 with scipy to compare`];
  const apart = Math.max(
    ...p.flatMap((row, look) =>
      row.map((value, index) => Math.abs(value - (answer.p[look]?.[index] ?? NaN))),
    ),
  );
  return [
    ours,
    `- scipy ${answer.scipy}: ${middleAndTail(answer.lookMs)} ms; its p-values differ by at most ${apart.toExponential(1)}`,
  ];
}
