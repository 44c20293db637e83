/**
 * Fits the curve from p-value to probability of harm on judged training cases and reports how well it is calibrated.
 *
 *   node models/dist/bench/fit-harm-probability.js --cases DIR --verdicts verdicts.jsonl
 *
 * `verdicts.jsonl` comes from `bellwether rehearse` on the training part alone. Deterministic: Newton's method, no seed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { evidenceDecades } from '../src/verdict/harm-probability.js';
import { curveProbability, fitLogisticCurve, type EvidencePoint } from './logistic-curve.js';

interface Point extends EvidencePoint {
  readonly set: string;
}

function jsonLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

interface Label {
  readonly set: string;
  readonly isBad: boolean;
}

/** Labels by the opaque id that a blind case carries. */
function labels(dir: string): Map<string, Label> {
  const found = new Map<string, Label>();
  for (const set of readdirSync(dir)) {
    const file = join(dir, set, 'cases.jsonl.gz');
    if (!existsSync(file)) continue;
    for (const { id, label } of jsonLines<{ id: string; label: string }>(
      gunzipSync(readFileSync(file)).toString(),
    )) {
      const opaque = createHash('sha256').update(`case:${id}`).digest('hex').slice(0, 16);
      found.set(opaque, { set, isBad: label === 'bad' });
    }
  }
  return found;
}

function brier(points: readonly Point[], predict: (point: Point) => number): number {
  return (
    points.reduce((sum, point) => sum + (predict(point) - (point.isBad ? 1 : 0)) ** 2, 0) / points.length
  );
}

function reliability(points: readonly Point[], predict: (point: Point) => number): readonly string[] {
  return [0, 0.2, 0.4, 0.6, 0.8].map((from) => {
    const inside = points.filter(
      (point) => predict(point) >= from && predict(point) < from + 0.2 + (from === 0.8 ? 1 : 0),
    );
    const bad = inside.filter((point) => point.isBad).length;
    const mean = inside.reduce((sum, point) => sum + predict(point), 0) / Math.max(1, inside.length);
    return `said ${mean.toFixed(2)}, was ${(bad / Math.max(1, inside.length)).toFixed(2)} (n = ${inside.length})`;
  });
}

/** Of a verdict that is read here. */
interface Judged {
  readonly id: string;
  readonly verdict: string;
  readonly p?: number;
}

/** α of a rehearsal without a policy. */
const ALPHA = 0.05;

/** Evidence of a change below its practical minimum is not read from the curve. */
function isWithheld({ verdict, p }: Judged): boolean {
  return verdict !== 'rollback' && p !== undefined && p <= ALPHA;
}

function main(): void {
  const { values } = parseArgs({ options: { cases: { type: 'string' }, verdicts: { type: 'string' } } });
  if (values.cases === undefined || values.verdicts === undefined)
    throw new Error('--cases DIR and --verdicts FILE are needed');
  const known = labels(values.cases);
  const points = jsonLines<Judged>(readFileSync(values.verdicts, 'utf8')).flatMap((judged): Point[] => {
    const label = known.get(judged.id);
    return label === undefined || judged.p === undefined || isWithheld(judged)
      ? []
      : [{ ...label, decades: evidenceDecades(judged.p) }];
  });
  const base = points.filter((point) => point.isBad).length / points.length;
  const logOdds = Math.log(base / (1 - base));
  const curve = fitLogisticCurve(points, logOdds);
  const { intercept, slope } = curve;
  const predict = ({ decades }: Point): number => curveProbability(curve, logOdds, decades);
  console.log(
    `n = ${points.length}, base rate ${base.toFixed(3)}: intercept ${intercept.toFixed(3)}, slope ${slope.toFixed(3)}`,
  );
  for (const set of ['all', ...new Set(points.map((point) => point.set))]) {
    const part = points.filter((point) => set === 'all' || point.set === set);
    console.log(`${set}: Brier ${brier(part, predict).toFixed(4)} (n = ${part.length})`);
  }
  for (const line of reliability(points, predict)) console.log(line);
}

main();
