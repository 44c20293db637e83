import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'bellwether-policy-test-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** A window of a minute an interval in which errors jump at the change by a factor. */
function recordedWindow(id: string, factor: number, expectation?: string): string {
  const changeAt = 1_800_000_000;
  const times = Array.from({ length: 1_500 }, (_, index) => changeAt + 60 * (index - 1_470));
  const noise = (index: number): number => 1 + 0.1 * Math.sin(index * 12.9898) * Math.cos(index * 4.1414);
  const values = times.map((at, index) => 10 * noise(index) * (at >= changeAt ? factor : 1));
  return JSON.stringify({
    ...{ id, change_at: changeAt, interval_s: 60, expect: expectation },
    metrics: [{ name: 'm', kind: 'error', role: 'treatment', t: times, v: values }],
  });
}

function test(cases: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, 'policy', 'test', join(folder, 'good.yaml'), '--cases', cases, '--workers', '1'],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('bellwether policy test', () => {
  write(
    'good.yaml',
    'watch: 30m\nmetrics: [{ name: m, kind: error, signal: { type: gauge, series: { metric: m } } }]\n',
  );

  it('judges recorded windows and holds them to what they expect', () => {
    const windows = [recordedWindow('harmless', 1, 'continue'), recordedWindow('broken', 2, 'rollback')];
    const { status, stdout } = test(write('met.jsonl', windows.join('\n')));
    expect(stdout).toMatch(/ok +harmless +continue/);
    expect(stdout).toMatch(/ok +broken +rollback/);
    expect(stdout).toContain('2 of 2 with an expectation met it');
    expect(status).toBe(0);
  });

  it('lists the windows that expect nothing as such', () => {
    const windows = [recordedWindow('harmless', 1), recordedWindow('broken', 2, 'rollback')];
    const { status, stdout } = test(write('silent.jsonl', windows.join('\n')));
    expect(stdout).toMatch(/– +harmless +continue \(no expectation\)/);
    expect(stdout).toContain(
      '2 windows: 1 of 1 with an expectation met it. Without an expectation: 1; give "expect"',
    );
    expect(status).toBe(0);
  });

  it('takes no misspelt expectation for none', () => {
    const cases = write('odd.jsonl', `\n${recordedWindow('odd', 1, 'contine')}`);
    const { status, stderr } = test(cases);
    expect(stderr).toContain(
      `${cases}:2: expect: "contine" is no verdict; use one of continue, rollback, inconclusive, or leave it out`,
    );
    expect(status).toBe(3);
  });

  it('exits 3 when one is judged otherwise', () => {
    const { status, stdout } = test(write('missed.jsonl', recordedWindow('broken', 2, 'continue')));
    expect(stdout).toMatch(/FAIL +broken +rollback \(expected continue\)/);
    expect(status).toBe(3);
  });
});
