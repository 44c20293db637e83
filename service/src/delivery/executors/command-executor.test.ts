import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { rollbackOrder } from '../fakes/rollback-order.js';
import { createCommandExecutor } from './command-executor.js';
import type { CommandExecutorConfig } from './config.js';

const node = process.execPath;
const never = new AbortController().signal;
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const folder = async () => {
  const made = await mkdtemp(join(tmpdir(), 'bellwether-command-'));
  folders.push(made);
  return made;
};
const command = (argv: readonly string[], more: Partial<CommandExecutorConfig> = {}) =>
  createCommandExecutor({ kind: 'command', name: 'local', argv, ...more });
/** Runs a script; what it prints comes back in the detail. */
const script = (source: string, args: readonly string[] = [], more: Partial<CommandExecutorConfig> = {}) =>
  command([node, '-e', source, '--', ...args], more);
const shown = async (executor: ReturnType<typeof command>, order = rollbackOrder()) =>
  JSON.parse((await executor.execute(order, never)).detail.replace(/^exit code \d+: /, '')) as unknown;
describe('what the program gets', () => {
  it('its arguments, with whole-argument placeholders filled in and nothing else touched', async () => {
    const args = [
      '{{service}}',
      '{{version}}',
      '{{previousVersion}}',
      '$(id)',
      '; rm -rf /',
      '{{rollbackId}}',
      '{{commit}}',
    ];
    const order = rollbackOrder({ version: '2.0.0; $(reboot) `x` "y"' });
    expect(await shown(script('console.log(JSON.stringify(process.argv.slice(1)))', args), order)).toEqual([
      'checkout',
      '2.0.0; $(reboot) `x` "y"',
      '1.9.0',
      '$(id)',
      '; rm -rf /',
      'rb-1',
      'abc123',
    ]);
  });

  it('PATH and BELLWETHER variables, and nothing of the server', async () => {
    process.env['BELLWETHER_TEST_LEAK'] = 'hush';
    const seen = await shown(
      script('console.log(JSON.stringify(process.env))', [], { path: '/usr/bin' }),
      rollbackOrder({}, { reason: 'two\nlines\0' }),
    );
    delete process.env['BELLWETHER_TEST_LEAK'];
    expect(seen).toEqual({
      PATH: '/usr/bin',
      BELLWETHER_ROLLBACK_ID: 'rb-1',
      BELLWETHER_REASON: 'two lines ',
      BELLWETHER_AUTOMATIC: 'true',
      BELLWETHER_REQUESTED_BY: 'p-7f3a',
      BELLWETHER_DEPLOYMENT_ID: 'd1',
      BELLWETHER_PROJECT: 'default',
      BELLWETHER_SERVICE: 'checkout',
      BELLWETHER_ENVIRONMENT: 'production',
      BELLWETHER_VERSION: '2.0.0',
      BELLWETHER_PREVIOUS_VERSION: '1.9.0',
      BELLWETHER_STRATEGY: 'canary',
      BELLWETHER_COMMIT: 'abc123',
    });
  });

  it('the working directory, and no standard input', async () => {
    const cwd = await folder();
    expect(
      await shown(
        script('process.stdin.on("end", () => console.log(JSON.stringify(process.cwd()))).resume()', [], {
          cwd,
        }),
      ),
    ).toBe(cwd);
  });
});

describe('values that are refused', () => {
  it.each([
    ['an option', { version: '--force' }, '{{version}}', /version begins with "-"/],
    ['a missing version', { previousVersion: '' }, '{{previousVersion}}', /previousVersion is not known/],
    ['a missing commit', { change: { kind: 'code' } }, '{{commit}}', /commit is not known/],
    ['a line break', { service: 'a\nb' }, '{{service}}', /service holds control characters/],
    ['a NUL', { service: 'a\0b' }, '{{service}}', /service holds control characters/],
    ['a very long one', { version: 'v'.repeat(513) }, '{{version}}', /version is longer than 512/],
  ] as const)('%s', async (_what, deployment, argument, message) => {
    const mark = join(await folder(), 'ran');
    const executor = script('require("fs").writeFileSync(process.argv[1], "")', [mark, argument]);
    expect(await executor.execute(rollbackOrder(deployment), never)).toMatchObject({
      kind: 'failed',
      retryable: false,
      detail: expect.stringMatching(message) as unknown,
    });
    await expect(readFile(mark)).rejects.toThrow('ENOENT');
  });

  it.each([
    [[], /argv of executor "local"\[0\] must be the program/],
    [['{{service}}'], /\[0\] must be the program to run, without placeholders/],
    [['x', '{{reason}}'], /\[1\] names an unknown placeholder "reason"; known are rollbackId, deploymentId/],
    [['x', '{{toString}}'], /unknown placeholder "toString"/],
    [['x', 'y', '--to={{version}}'], /\[2\] "--to=\{\{version\}\}" mixes a placeholder with text/],
    [['x', '{{ version }}'], /mixes a placeholder/],
    [['x', 'a\0'], /\[1\] holds a NUL/],
  ])('an argument list %j', (argv, message) => {
    expect(() => command(argv)).toThrow(message);
  });

  it('limits that make no sense', () => {
    expect(() => command(['x'], { timeoutMs: 0 })).toThrow(/timeoutMs of executor "local"/);
    expect(() => command(['x'], { killGraceMs: Number.NaN })).toThrow(/killGraceMs/);
  });
});

describe('how it ends', () => {
  it.each([
    [0, { kind: 'executed', detail: 'exit code 0' }],
    [1, { kind: 'failed', detail: 'exit code 1', retryable: false }],
    [75, { kind: 'failed', detail: 'exit code 75', retryable: true }],
  ])('exit code %i', async (code, expected) => {
    expect(await script(`process.exit(${code})`).execute(rollbackOrder(), never)).toEqual(expected);
  });

  it('other retryable exit codes can be named', async () => {
    const more = { retryableExitCodes: [3] };
    expect(await script('process.exit(3)', [], more).execute(rollbackOrder(), never)).toMatchObject({
      retryable: true,
    });
    expect(await script('process.exit(75)', [], more).execute(rollbackOrder(), never)).toMatchObject({
      retryable: false,
    });
  });

  it('a foreign signal, a missing program, a missing directory, a list that is too long', async () => {
    expect(
      await script('process.kill(process.pid, "SIGKILL")').execute(rollbackOrder(), never),
    ).toMatchObject({ kind: 'failed', detail: 'ended by SIGKILL', retryable: false });
    const missing = await command(['/nonexistent/rollback']).execute(rollbackOrder(), never);
    expect(missing).toEqual({
      kind: 'failed',
      detail:
        'the command could not be started (ENOENT); check that /nonexistent/rollback exists, is executable and on PATH',
      retryable: false,
    });
    const nowhere = await script('', [], { cwd: '/nonexistent' }).execute(rollbackOrder(), never);
    expect(nowhere.detail).toMatch(/and that \/nonexistent is a directory$/);
    const long = await command(['/bin/true', 'x'.repeat(3_000_000)]).execute(rollbackOrder(), never);
    expect(long).toMatchObject({
      kind: 'failed',
      retryable: false,
      detail: expect.stringMatching(/E2BIG/) as unknown,
    });
  });

  it('keeps the end of what it printed on each stream, without secrets', async () => {
    const source = `
      process.stderr.write('password: hunter2 Bearer abcdefgh12345678\\n');
      process.stdout.write('early '.repeat(20000) + 'the last word\\n', () => process.exit(4))`;
    const { detail } = await script(source).execute(rollbackOrder(), never);
    expect(detail).toMatch(
      /^exit code 4: [early ]{4083}the last word\npassword: \[redacted\] Bearer \[redacted\]$/,
    );
  });
});

describe('when it takes too long', () => {
  /** A parent and a child that both keep writing their letter; `onTerm` is what both do about SIGTERM. */
  const family = (file: string, onTerm: string) => {
    const source = `
      const fs = require('fs');
      const [file, letter] = process.argv.slice(1);
      process.on('SIGTERM', () => { ${onTerm} });
      if (letter === 'P') require('child_process').spawn(process.execPath, ['-e', process.execArgv[1], '--', file, 'C'], { stdio: 'inherit' });
      setInterval(() => fs.appendFileSync(file, letter), 20);`;
    return [source, [file, 'P']] as const;
  };
  const written = (file: string) => readFile(file, 'utf8').catch(() => '');
  const bothAtWork = (file: string) =>
    expect
      .poll(async () => [...new Set(await written(file))].toSorted().join(''), { timeout: 10_000 })
      .toBe('CP');
  /** A pid would not do: a dead child stays visible until somebody reaps it. */
  const expectSilence = async (file: string) => {
    const before = await written(file);
    await delay(200);
    expect(await written(file)).toBe(before);
  };

  it('the whole group gets SIGTERM, and that is final by default', async () => {
    const file = join(await folder(), 'beats');
    const [source, args] = family(file, 'console.log(letter, "stops"); process.exit(0)');
    const controller = new AbortController();
    const running = script(source, args, { killGraceMs: 2_000 }).execute(rollbackOrder(), controller.signal);
    await bothAtWork(file);
    controller.abort();
    const result = await running;
    expect(result).toMatchObject({ kind: 'failed', retryable: false });
    expect(result.detail).toMatch(/P stops/);
    expect(result.detail).toMatch(/C stops/);
    await expectSilence(file);
  });

  it('it is stopped', async () => {
    const result = await script('setInterval(() => {}, 1000)', [], { timeoutMs: 100 }).execute(
      rollbackOrder(),
      never,
    );
    expect(result).toEqual({ kind: 'failed', detail: 'stopped after 100 ms', retryable: false });
  });

  it('the whole group gets SIGKILL when SIGTERM does not help', async () => {
    const file = join(await folder(), 'beats');
    const [source, args] = family(file, '');
    const controller = new AbortController();
    const running = script(source, args, { killGraceMs: 200, retryAfterTimeout: true }).execute(
      rollbackOrder(),
      controller.signal,
    );
    await bothAtWork(file);
    controller.abort();
    expect(await running).toMatchObject({
      kind: 'failed',
      retryable: true,
      detail: 'stopped because the server shuts down',
    });
    await expectSilence(file);
  });

  it('a child left behind does not hold up the end', async () => {
    const source = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { stdio: 'inherit', detached: true }).unref(); console.log('done'); process.exit(0)`;
    const startedAtMs = Date.now();
    expect(await script(source).execute(rollbackOrder(), never)).toEqual({
      kind: 'executed',
      detail: 'exit code 0: done',
    });
    expect(Date.now() - startedAtMs).toBeLessThan(3_500);
  });

  it('is not started at all after shutdown began', async () => {
    expect(await script('').execute(rollbackOrder(), AbortSignal.abort())).toMatchObject({
      kind: 'failed',
      detail: 'stopped because the server shuts down',
    });
  });
});
