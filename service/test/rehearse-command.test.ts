import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testWindow } from '../src/app/rehearse/test-window.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'bellwether-rehearse-command-'));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'rehearse', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function cases(name: string, count: number, change: object = {}): string {
  const file = join(folder, name);
  const lines = Array.from({ length: count }, (_, k) =>
    JSON.stringify(testWindow({ id: `w${k}`, seed: k + 1, shift: k % 2 === 0 ? 2 : 1, ...change })),
  );
  writeFileSync(file, gzipSync(`${lines.join('\n')}\n`));
  return file;
}

const read = (file: string): string => readFileSync(file, 'utf8');

describe('bellwether rehearse', () => {
  it('judges on threads, says what it did, and exits with 0', () => {
    const out = join(folder, 'six.verdicts');
    const { status, stdout } = run('--cases', cases('six', 6), '--out', out, '--workers', '2');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^6 windows in [\d.]+ s on 2 workers: 3 rollback, 3 continue, 0 inconclusive\.\n$/,
    );
    expect(read(out).trimEnd().split('\n')).toHaveLength(6);
  });

  it('exits with 3 when a line could not be judged, and counts it for programs', () => {
    const file = join(folder, 'faulty');
    writeFileSync(file, `${JSON.stringify(testWindow({ id: 'a' }))}\n{oops\n`);
    const { status, stdout, stderr } = run('--cases', file, '--out', join(folder, 'faulty.out'), '--json');
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      windows: 2,
      errors: 1,
      skipped: 0,
      verdicts: { continue: 1 },
    });
    expect(stderr).toMatch(/line 2: the window is not JSON/);
  });

  it.each([
    [['--cases', join(folder, 'nowhere'), '--out', join(folder, 'x')], /there is no file .*nowhere/],
    [['--out', join(folder, 'x')], /--cases/],
    [['--cases', 'a', '--out', 'b', '--alpha', '2'], /at most 0\.5/],
    [['--cases', 'a', '--out', 'b', '--watch', '30'], /"30s", "5m"/],
    [['--cases', 'a', '--out', 'b', '--workers', '0'], /Give 1 to 256/],
  ])('says what is wrong with a call, and exits with 3: %j', (args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('goes on where it was killed, and ends with the same file', async () => {
    const file = cases('many', 24, { history: 2000, looks: 60 });
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    expect(run('--cases', file, '--out', whole).status).toBe(0);
    const child = spawn(process.execPath, [PROGRAM, 'rehearse', '--cases', file, '--out', killed]);
    while ((statSync(killed, { throwIfNoEntry: false })?.size ?? 0) < 2000) await sleep(5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(read(killed).length).toBeLessThan(read(whole).length);
    expect(run('--cases', file, '--out', killed, '--resume').stdout).toMatch(/had been judged before/);
    expect(read(killed)).toBe(read(whole));
  });

  it('stops at once when it is asked to, exits with 5 and can go on', async () => {
    const file = cases('stopped', 24, { history: 2000, looks: 60 });
    const out = join(folder, 'stopped.out');
    const child = spawn(process.execPath, [PROGRAM, 'rehearse', '--cases', file, '--out', out]);
    while ((statSync(out, { throwIfNoEntry: false })?.size ?? 0) < 2000) await sleep(5);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(5);
    expect(run('--cases', file, '--out', out, '--resume').status).toBe(0);
    expect(read(out).trimEnd().split('\n')).toHaveLength(24);
    expect(read(out)).not.toContain('"error"');
  });
});
