import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeTrial } from './judge-trial.js';
import { planTrials, type TrialCell, type TrialChoice } from './plan-trials.js';
import { progressLine, runTrials } from './run-trials.js';
import { openTrialFile, type TrialHead } from './trial-file.js';
import type { TrialLane } from './trial-lanes.js';
import { readTrialOptions } from './trial-options.js';
import { OURS, type PastResult, type Trial } from './trial.js';

const SERVICE = { metrics: 1, phi: 0, season: false, history: 300, gap: 0, looks: 6, day: 1440, alpha: 0.05 };
const CELLS: readonly TrialCell[] = ['1-metric/heavy', '11-metric/heavy', '1-metric/normal'].map(
  (id, position) => ({
    id,
    position,
    subject: { kind: 'service', service: SERVICE },
    futures: 2,
    peerFutures: 1,
  }),
);
const CHOICE: TrialChoice = {
  seed: 1,
  pasts: 12,
  part: 0,
  parts: 1,
  wanted: [],
  isLearnedAsked: false,
};
const HEAD: TrialHead = { bench: 'test', code: 'abc', seed: 1, futures: 2 };
const PAST: PastResult = { alarms: { [OURS]: [null, 3] }, effectivePlacebos: 50 };

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'trials-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function run(trials: readonly Trial[], lane: TrialLane, isResumed: boolean, budget = Infinity) {
  const judged: string[] = [];
  let clock = 0;
  const results = await runTrials({
    trials,
    lanes: [
      async (trial) => {
        judged.push(trial.key);
        clock++;
        return lane(trial);
      },
    ],
    file: openTrialFile(join(folder, 'rows.jsonl'), HEAD, isResumed),
    now: () => clock,
    untilMs: budget,
    tell: () => undefined,
  });
  return { judged, results };
}

const quick: TrialLane = () => Promise.resolve([PAST]);

describe('planTrials', () => {
  it('goes batch by batch over the cells, with the pasts that were asked for and no seed twice', () => {
    const trials = planTrials(CELLS, CHOICE);
    expect(trials.slice(0, 3).map(({ cell }) => cell)).toEqual(CELLS.map(({ id }) => id));
    expect(trials.map(({ pasts }) => pasts)).toEqual([5, 5, 5, 5, 5, 5, 2, 2, 2]);
    const seeds = trials.flatMap(({ firstSeed, pasts }) =>
      Array.from({ length: pasts }, (_, past) => firstSeed + past),
    );
    expect(new Set(seeds).size).toBe(36);
  });

  it('divides into parts that together are the whole', () => {
    const keys = (choice: TrialChoice): readonly string[] => planTrials(CELLS, choice).map(({ key }) => key);
    const parts = [0, 1].flatMap((part) => keys({ ...CHOICE, part, parts: 2 }));
    expect(parts.toSorted()).toEqual(keys(CHOICE).toSorted());
  });

  it('picks cells by whole words of their id', () => {
    const cells = (...wanted: readonly string[][]): readonly string[] => [
      ...new Set(planTrials(CELLS, { ...CHOICE, wanted }).map(({ cell }) => cell)),
    ];
    expect(cells(['1-metric'])).toEqual(['1-metric/heavy', '1-metric/normal']);
    expect(cells(['heavy', '1-metric'], ['normal'])).toEqual(['1-metric/heavy', '1-metric/normal']);
    expect(cells(['metric'])).toEqual([]);
  });

  it('names a cell that means something else another name', () => {
    const [cell = { id: '', subject: CELLS[0]?.subject, position: 0 }] = CELLS;
    const other = { ...cell, futures: 3 } as TrialCell;
    expect(planTrials([other], CHOICE)[0]?.key).not.toBe(planTrials(CELLS, CHOICE)[0]?.key);
    const asked = planTrials(CELLS, { ...CHOICE, isLearnedAsked: true });
    expect(asked[0]?.key).toBe(`${planTrials(CELLS, CHOICE)[0]?.key ?? ''}#learned`);
  });
});

describe('runTrials', () => {
  const trials = planTrials(CELLS, CHOICE);

  it('goes on where a stopped run was and ends with the same results', async () => {
    const stopped = await run(trials, quick, false, 4);
    expect(stopped.judged).toEqual(trials.slice(0, 4).map(({ key }) => key));
    expect(stopped.results).toHaveLength(4);
    // A line that was torn off when the process was killed.
    appendFileSync(join(folder, 'rows.jsonl'), '{"key":"1-met');
    const resumed = await run(trials, quick, true);
    expect(resumed.judged).toEqual(trials.slice(4).map(({ key }) => key));
    expect(resumed.results.map(({ key }) => key)).toEqual(trials.map(({ key }) => key));
    const again = await run(trials, quick, true);
    expect(again.judged).toEqual([]);
    expect(again.results).toEqual(resumed.results);
    expect(readFileSync(join(folder, 'rows.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(
      trials.length + 1,
    );
  });

  it('keeps what ended before a trial that failed', async () => {
    const failing: TrialLane = ({ key }) =>
      key === trials[2]?.key ? Promise.reject(new Error('out of memory')) : Promise.resolve([PAST]);
    await expect(run(trials, failing, false)).rejects.toThrow('out of memory');
    expect((await run(trials, quick, true)).judged).toHaveLength(trials.length - 2);
  });

  it('touches no file that it was not told to go on with, nor one of other code', () => {
    const rows = join(folder, 'rows.jsonl');
    openTrialFile(rows, HEAD, false);
    expect(() => openTrialFile(rows, HEAD, false)).toThrow('add --resume');
    expect(() => openTrialFile(rows, { ...HEAD, code: 'def' }, true)).toThrow('another code (abc, now def)');
    expect(() => openTrialFile(rows, { ...HEAD, seed: 2 }, true)).toThrow('another seed');
  });

  it('tells how long the rest takes at the pace of each cell', () => {
    const [slow, quickOne, other] = trials;
    const done = [slow, quickOne].flatMap((trial, index) =>
      trial === undefined
        ? []
        : [{ key: trial.key, cell: trial.cell, tookMs: index === 0 ? 60_000 : 1000, pasts: [] }],
    );
    const line = progressLine(trials, new Map(done.map((result) => [result.key, result])), 1);
    // Two more of the slow cell, two of the quick one, three that nothing is known of but the mean of both.
    expect(line).toBe(
      `2 of ${trials.length} trials, about ${Math.round((2 * 60 + 2 + 3 * 30.5) / 60)} min left`,
    );
    expect(other).toBeDefined();
  });
});

describe('judgeTrial', () => {
  it('judges every deployment of every past, and the peers those that they were given', () => {
    const [trial] = planTrials(CELLS, { ...CHOICE, pasts: 2 });
    const pasts = trial === undefined ? [] : judgeTrial(trial);
    expect(pasts).toHaveLength(2);
    for (const { alarms } of pasts)
      expect(Object.values(alarms).map((looks) => looks.length)).toEqual([2, 1, 1]);
    expect(trial === undefined ? [] : judgeTrial(trial)).toEqual(pasts);
  });

  it('finds what is found and judges canaries one by one', () => {
    const harmed = (isHarmed: boolean): Trial => ({
      key: 'k',
      cell: 'c',
      firstSeed: 1,
      pasts: 4,
      futures: 1,
      peerFutures: 1,
      isLearnedAsked: false,
      subject: {
        kind: 'arms',
        isHarmed,
        plan: {
          treatmentRequests: 5000,
          controlRequests: 5000,
          quiet: 0.001,
          harmed: 0.02,
          history: 30,
          hasTreatmentPast: false,
          looks: 10,
          alpha: 0.05,
        },
      },
    });
    for (const { alarms } of judgeTrial(harmed(true)))
      for (const looks of Object.values(alarms)) expect(looks[0]).toBeGreaterThan(0);
    expect(judgeTrial(harmed(false)).map(({ alarms }) => alarms[OURS]?.[0])).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(() => judgeTrial({ ...harmed(true), futures: 2 })).toThrow('a past alone');
  });
});

describe('readTrialOptions', () => {
  it('reads what simulations share', () => {
    const options = readTrialOptions(
      ['--part', '2/4', '--cells', '1-metric heavy', '--cells', 'ar-0.9', '--resume'],
      'power',
    );
    expect(options).toMatchObject({
      part: 1,
      parts: 4,
      rows: 'power.jsonl',
      isResumed: true,
      minutes: Infinity,
      wanted: [['1-metric', 'heavy'], ['ar-0.9']],
    });
  });

  it.each([
    [['--pasts', '0'], '--pasts: "0" is no whole number'],
    [['--part', '5/4'], '--part: "5/4" is none; give 2/4'],
    [['--minutes', 'x'], '--minutes: "x"'],
    [['--deployments', '9'], "Unknown option '--deployments'"],
  ])('refuses %j', (args, message) => {
    expect(() => readTrialOptions(args, 'power')).toThrow(message);
  });
});
