/**
 * Judges blind labelled cases and writes one verdict a line, for a scorer that knows the labels.
 *
 *   node models/dist/bench/cases.js --blind cases.jsonl --out verdicts.jsonl [--every N] [--min-latency-seconds S]
 *
 * Deterministic; there is nothing to seed.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { assess, calibrate, INITIAL_CARRIED, type Assessment } from '../src/index.js';
import { CASE_POLICY, readCase, type BlindCase, type CasePolicy } from './labelled-case.js';

/** Judges one case look by look until a rollback or the end. */
function judgeCase(blind: BlindCase, policy: CasePolicy) {
  const prepared = readCase(blind, policy);
  if (prepared === undefined) return { id: blind.id, verdict: 'inconclusive' };
  const { snapshot, live } = prepared;
  const calibration = calibrate(snapshot);
  let carried = INITIAL_CARRIED;
  let last: Assessment | undefined;
  let decidedAt: number | undefined;
  let verdict = 'inconclusive';
  for (let look = 1; look <= snapshot.plannedLooks; look++) {
    last = assess(calibration, live, look, carried);
    carried = last.carried;
    if (decidedAt !== undefined || last.value === 'pending') continue;
    verdict = last.value;
    if (last.value === 'rollback') decidedAt = blind.change_at + look * blind.interval_s;
  }
  return {
    id: blind.id,
    set: blind.set,
    verdict,
    decided_at: decidedAt,
    p: last?.p,
    rank_p: last?.carried.p,
    guarantee: calibration.summary.guarantee,
    placebos: calibration.summary.effectivePlacebos,
    harmProbability: last?.harmProbability,
    metrics: last?.metrics
      .flatMap((metric) => (metric.kind === 'judged' && metric.contribution > 0 ? [metric] : []))
      .sort((a, b) => b.contribution - a.contribution)
      .slice(0, 3)
      .map(({ name, score, p, scorer, effect }) => ({ name, score, p, scorer, relative: effect.relative })),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      blind: { type: 'string' },
      out: { type: 'string' },
      every: { type: 'string', default: '1' },
      'min-latency-seconds': { type: 'string', default: '0' },
    },
  });
  if (values.blind === undefined || values.out === undefined)
    throw new Error('--blind FILE and --out FILE are needed');
  const every = Number(values.every);
  const policy = { ...CASE_POLICY, minLatencySeconds: Number(values['min-latency-seconds']) };
  const out = createWriteStream(values.out);
  const started = performance.now();
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(values.blind), crlfDelay: Infinity })) {
    if (text === '' || line++ % every !== 0) continue;
    out.write(`${JSON.stringify(judgeCase(JSON.parse(text) as BlindCase, policy))}\n`);
    if (line % 50 === 0)
      console.error(`${line} cases, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  out.end();
}

await main();
