import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testWindow } from '../../app/rehearse/test-window.js';
import { createInlineEngine } from '../../engine/inline-engine.js';
import type { Engine } from '../../engine/port.js';
import { readPolicies } from './read-policies.js';
import { rehearseFile, type RehearsalRun } from './rehearse-file.js';
import { testIo } from './test-io.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-rehearse-'));
let files = 0;

function write(content: string | Buffer): string {
  const file = join(folder, `file-${(files += 1)}`);
  writeFileSync(file, content);
  return file;
}

const jsonl = (...values: readonly unknown[]): string =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');

type Line = Readonly<Record<string, unknown>>;
const linesIn = (file: string): readonly Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

async function rehearse(content: string | Buffer, change: Partial<RehearsalRun> = {}, isTerminal = false) {
  const { io, written, stop } = testIo(isTerminal);
  const out = change.out ?? join(folder, `verdicts-${(files += 1)}`);
  const run = rehearseFile(
    {
      cases: write(content),
      out,
      plan: {},
      policyOf: readPolicies(undefined, io),
      workers: 2,
      isResumed: false,
      createEngine: createInlineEngine,
      ...change,
    },
    io,
  );
  return { summary: await run, lines: linesIn(out), out, written, stop };
}

const quick = (id: string, change: object = {}) =>
  testWindow({ id, history: 300, looks: 8, onset: 2, ...change });

describe('a file of recorded windows', () => {
  it('gives one verdict a line, in the order of the input, the same whatever the number of workers', async () => {
    const windows = Array.from({ length: 12 }, (_, k) =>
      quick(`w${k}`, { seed: k + 1, shift: k % 3 === 0 ? 2 : 1, history: k % 2 === 0 ? 600 : 60 }),
    );
    const [one, four] = [
      await rehearse(jsonl(...windows), { workers: 1 }),
      await rehearse(gzipSync(jsonl(...windows)), { workers: 4 }),
    ];
    expect(one.lines.map(({ id }) => id)).toEqual(windows.map(({ id }) => id));
    expect(four.lines).toEqual(one.lines);
    expect(one.summary).toMatchObject({ windows: 12, errors: 0, skipped: 0, workers: 1 });
    expect(one.lines[0]).toMatchObject({ verdict: 'rollback', decided_at: expect.any(Number) as number });
    expect(one.lines[1]).toMatchObject({ verdict: 'continue' });
    expect(one.written.err).toBe('');
  });

  it('goes on after lines that cannot be judged, and says which', async () => {
    const content = jsonl(
      quick('a'),
      '{"id": "torn", "metr',
      '',
      { id: 'b', interval_s: 60, metrics: [] },
      quick('a', { seed: 9 }),
      { id: 'c', change_at: 0, interval_s: 60, metrics: [] },
      'null',
      quick('d'),
    );
    const { lines, summary, written } = await rehearse(content);
    expect(lines).toMatchObject([
      { id: 'a', verdict: 'continue' },
      {
        id: null,
        line: 2,
        verdict: 'inconclusive',
        error: expect.stringMatching(/^line 2: .*not JSON/) as string,
      },
      { id: 'b', line: 4, error: expect.stringMatching(/"change_at"/) as string },
      { id: null, line: 5, error: expect.stringMatching(/"a" was already used in line 1/) as string },
      { id: 'c', verdict: 'inconclusive', p: 1, harmProbability: 0.5, reasons: [{ code: 'no-metrics' }] },
      { id: null, line: 7, error: expect.stringMatching(/not an object|no "id"/) as string },
      { id: 'd', verdict: 'continue' },
    ]);
    expect(summary).toMatchObject({ windows: 7, errors: 4, verdicts: { continue: 2, inconclusive: 5 } });
    expect(written.err).toContain('line 5: the id "a" was already used');
  });

  it('remarks each oddity once, and takes NaN for a missing sample', async () => {
    const odd = { ...quick('a'), colour: 'red' };
    const text = jsonl(odd, { ...odd, id: 'b' }).replaceAll(/"v":\[[^,]*,/g, '"v":[NaN,');
    const { lines, written } = await rehearse(text);
    expect(lines.map(({ verdict }) => verdict)).toEqual(['continue', 'continue']);
    expect(written.err.match(/unknown field "colour"/g)).toHaveLength(1);
    expect(written.err.match(/NaN and Infinity/g)).toHaveLength(1);
    expect(written.err).toMatch(/^line 1: /);
  });

  it('stops no other window when one makes the engine fail', async () => {
    const createEngine = (): Engine => {
      const engine = createInlineEngine();
      const fails = (key: string): boolean => key === '"b"';
      return {
        ...engine,
        calibrate: (key, snapshot) =>
          fails(key) ? Promise.reject(new Error('the thread ended')) : engine.calibrate(key, snapshot),
      };
    };
    const { lines, summary } = await rehearse(jsonl(quick('a'), quick('b'), quick('c')), {
      createEngine,
      workers: 1,
    });
    expect(lines).toMatchObject([
      { id: 'a', verdict: 'continue' },
      { id: 'b', line: 2, verdict: 'inconclusive', error: 'line 2: the engine failed: the thread ended' },
      { id: 'c', verdict: 'continue' },
    ]);
    expect(summary.errors).toBe(1);
  });

  it('never overwrites its own input', async () => {
    const text = jsonl(quick('a'));
    const same = write(text);
    await expect(rehearse('', { cases: same, out: same })).rejects.toThrow(/name another file/);
    expect(readFileSync(same, 'utf8')).toBe(text);
  });

  it('shows a bar on a terminal, below what it tells', async () => {
    const { written } = await rehearse(jsonl('oops', quick('a')), {}, true);
    expect(written.err).toMatch(/ % · \d+ windows? · /);
    expect(written.err).toMatch(/Kline 1: [^\n]*not JSON[^\n]*\n/);
    // Nothing moves the cursor back to where something was told.
    expect(written.err).not.toContain('\u001b8');
    expect(written.out).toBe('');
  });
});

describe('a run that goes on', () => {
  const windows = ['a', 'b', 'c', 'd'].map((id, k) => quick(id, { seed: k + 1 }));
  const content = jsonl(windows[0], 'torn', ...windows.slice(1));

  it.each([0, 1, 3, 40, 900, 1_000_000])(
    'leaves what a run without interruption leaves, killed %i bytes before the end',
    async (missing) => {
      const whole = await rehearse(content);
      const text = readFileSync(whole.out, 'utf8');
      const out = write(text.slice(0, Math.max(0, text.length - missing)));
      const { summary } = await rehearse(content, { out, isResumed: true });
      expect(readFileSync(out, 'utf8')).toBe(text);
      expect(summary.windows + summary.skipped).toBe(5);
      expect(summary.errors).toBe(1);
    },
  );

  it('begins where there is no file, and begins again where it was not asked to go on', async () => {
    const out = join(folder, 'fresh');
    expect((await rehearse(content, { out, isResumed: true })).lines).toHaveLength(5);
    expect((await rehearse(content, { out })).lines).toHaveLength(5);
  });

  it('refuses to go on with another file, and leaves it as it is', async () => {
    const text = 'dear diary\nnothing happened today\n';
    const out = write(text);
    await expect(rehearse(content, { out, isResumed: true })).rejects.toThrow(
      /line 1: this is not a verdict/,
    );
    expect(readFileSync(out, 'utf8')).toBe(text);
  });

  const failing = (failsAt: ReadonlySet<string>) => (): Engine => {
    const engine = createInlineEngine();
    return {
      ...engine,
      calibrate: (key, snapshot) =>
        failsAt.has(key) ? Promise.reject(new Error('the thread ended')) : engine.calibrate(key, snapshot),
    };
  };

  it('tries windows again that the engine failed at, and leaves what is no window alone', async () => {
    const whole = await rehearse(content);
    const createEngine = failing(new Set(['"a"', '"c"']));
    const { out, summary: failed } = await rehearse(content, { createEngine });
    expect(failed.errors).toBe(3);
    const again = await rehearse(content, { out, isResumed: true });
    expect(again.summary).toMatchObject({ windows: 2, skipped: 3, errors: 1 });
    const byId = (lines: readonly Line[]) => new Map(lines.map((line) => [line['id'], line]));
    expect(again.lines).toHaveLength(5);
    expect(byId(again.lines)).toEqual(byId(whole.lines));
    expect(again.lines.map(({ id }) => id)).toEqual([null, 'b', 'd', 'a', 'c']);
  });

  it('refuses to mix verdicts of different plans, and leaves the file as it is', async () => {
    const { out } = await rehearse(content);
    const text = readFileSync(out, 'utf8');
    const { io } = testIo();
    const metric = { name: 'm0', kind: 'latency', signal: { type: 'gauge', series: { metric: 'm' } } };
    const policy = write(JSON.stringify({ name: 'p', metrics: [metric] }));
    const others: readonly Partial<RehearsalRun>[] = [
      { plan: { alpha: 0.01 } },
      { plan: { watchMs: 300_000 } },
      { plan: { intervalMs: 120_000 } },
      { policyOf: readPolicies(policy, io) },
    ];
    for (const other of others)
      await expect(rehearse(content, { out, isResumed: true, ...other })).rejects.toThrow(
        /line 1: this verdict was given under other options or policies.*--out/,
      );
    expect(readFileSync(out, 'utf8')).toBe(text);
  });

  it('writes nothing half-judged when it is stopped, and can be resumed', async () => {
    const { io, stop } = testIo();
    const out = join(folder, 'stopped');
    let calibrated = 0;
    const createEngine = (): Engine => {
      const engine = createInlineEngine();
      return {
        ...engine,
        calibrate(key, snapshot) {
          calibrated += 1;
          if (calibrated === 3) stop();
          return engine.calibrate(key, snapshot);
        },
      };
    };
    const run = { cases: write(content), out, plan: {}, policyOf: readPolicies(undefined, io), workers: 1 };
    await rehearseFile({ ...run, isResumed: false, createEngine }, io);
    expect(linesIn(out).length).toBeLessThan(5);
    const { out: whole } = await rehearse(content);
    await rehearse(content, { out, isResumed: true });
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(whole, 'utf8'));
  });
});

describe('policies for recorded windows', () => {
  const metric = (minimum: number) => ({
    name: 'm0',
    kind: 'latency',
    minEffect: { relative: minimum },
    signal: { type: 'gauge', series: { metric: 'm', labels: {} } },
  });
  const policy = (minimum: number) => ({ watch: '8m', metrics: [metric(minimum)] });
  const harmed = quick('a', { shift: 1.4 });

  const yaml = (...policies: readonly object[]): string => {
    const file = join(folder, `policies-${(files += 1)}.yaml`);
    writeFileSync(file, policies.map((one) => `---\n${JSON.stringify(one)}\n`).join(''));
    return file;
  };
  const { io } = testIo();

  it('come from a file, of the service, by name or by value in the window', async () => {
    const one = yaml({ ...policy(0.9), name: 'any' });
    const several = yaml({ ...policy(0.1), name: 'default' }, { ...policy(0.9), name: 'cart' });
    const verdict = async (window: object, file?: string): Promise<unknown> =>
      (await rehearse(jsonl(window), { policyOf: readPolicies(file, io) })).lines[0]?.['verdict'];
    expect(await verdict(harmed)).toBe('rollback');
    expect(await verdict(harmed, one)).toBe('continue');
    expect(await verdict(harmed, several)).toBe('rollback');
    expect(await verdict({ ...harmed, service: 'cart' }, several)).toBe('continue');
    expect(await verdict({ ...harmed, service: 'cart', policy: 'default' }, several)).toBe('rollback');
    expect(await verdict({ ...harmed, policy: policy(0.9) })).toBe('continue');
  });

  const cart = { ...policy(0.1), name: 'cart' };
  it.each([
    [{ policy: 'cart' }, [], /names the policy "cart"; give its file with --policy/],
    [{ policy: 'crat' }, [cart], /no policy "crat" \(known: cart\)/],
    [{ service: 'web' }, [cart, { ...cart, name: 'shop' }], /no policy "web" or "default"/],
    [{ policy: 7 }, [], /neither the name of a policy nor a policy/],
    [{ policy: { ...policy(0.1), alhpa: 0.1 } }, [], /policy\.alhpa.*did you mean "alpha"/],
  ])('that a window cannot have make an error of it alone: %j', async (change, policies, message) => {
    const { lines, summary } = await rehearse(jsonl({ ...harmed, ...change }, quick('b')), {
      policyOf: readPolicies(policies.length === 0 ? undefined : yaml(...policies), io),
    });
    expect(lines[0]).toMatchObject({ id: 'a', verdict: 'inconclusive' });
    expect(lines[0]?.['error']).toMatch(message);
    expect(summary.windows).toBe(2);
  });

  it('that are wrong are refused before the run', () => {
    expect(() => readPolicies(yaml({ ...cart, alhpa: 0.1 }), io)).toThrow(/did you mean "alpha"/);
    expect(() => readPolicies(join(folder, 'nowhere.yaml'), io)).toThrow(/no file or folder/);
  });
});
