import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { CommandIo } from './command-io.js';
import { createProgram } from './program.js';
import { runProgram } from './run-program.js';

const token = `bw_x_${'y'.repeat(43)}`;

function createIo(environment: CommandIo['environment'] = {}) {
  const said = { out: '', err: '', exitCode: 0 };
  const io: CommandIo = {
    environment,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    isTerminal: false,
    columns: 100,
    setExitCode: (code) => void (said.exitCode = code),
    stop: new AbortController().signal,
  };
  return { io, said };
}

async function run(args: string, environment?: CommandIo['environment']) {
  const { io, said } = createIo(environment);
  await runProgram(args.split(' '), io);
  return said;
}

const deployment = '--service cart --environment prod --version 2';

describe('a wrong call', () => {
  it.each([
    ['deploi', 'Did you mean deploy?'],
    ['deploy strat', 'Did you mean start?'],
    ['deploy list --servce x', 'Did you mean --service?'],
    ['deploy start', "required option '--service <name>'"],
    [`deploy start ${deployment} --step canary:500%`, 'such as 5% or 0.05'],
    ['watch d-1 --timeout 30', 'Write it with its unit'],
    ['deploy list --verdict maybe', 'Allowed choices are pending'],
    ['deploy list --all --cursor c', 'cannot be used with'],
    ['deploy list --server ftp://x', 'is no address'],
    ['deploy list --server http://u:p@x', 'is no address'],
    ['deploy list --token-file /nowhere', "can't be read (ENOENT)"],
    ['deploy list', 'no access token is given'],
    ['check add d-1 --name x --junit /nowhere', "/nowhere can't be read"],
    ['rehearse --cases /nowhere --out /nowhere.out', '--cases: there is no file /nowhere'],
    ['serve --config /nowhere.json', "can't be read (ENOENT)"],
  ])('%s exits with 3 and says what is right', async (args, message) => {
    const environment = args.includes('check') ? { BELLWETHER_TOKEN: token } : {};
    const { exitCode, err, out } = await run(args, environment);
    expect(exitCode).toBe(3);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe('');
  });

  it('never shows what stands where a token should be', async () => {
    const { exitCode, err } = await run('deploy list', { BELLWETHER_TOKEN: 'hunter2' });
    expect(exitCode).toBe(3);
    expect(err).toContain('BELLWETHER_TOKEN: what is there is no access token');
    expect(err).not.toContain('hunter2');
  });
});

describe('help', () => {
  const leaves = (command: Command, path: string): readonly string[] =>
    command.commands.length === 0
      ? [path]
      : command.commands.flatMap((one) => leaves(one, `${path} ${one.name()}`.trim()));
  const commands = leaves(createProgram('0', createIo().io), '').filter((path) => path !== 'policy schema');

  it.each(commands)('of "%s" has an example and goes to standard output', async (command) => {
    const { exitCode, out, err } = await run(`${command} --help`);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/Examples?:\n {2}.*bellwether/);
  });

  it('of every command that prints knows --json', () => {
    const program = createProgram('0', createIo().io);
    const find = (path: string): Command | undefined =>
      path
        .split(' ')
        .reduce<Command | undefined>((at, name) => at?.commands.find((one) => one.name() === name), program);
    const silent = ['serve', 'completion', 'policy schema'];
    const without = commands.filter((path) => !find(path)?.options.some(({ long }) => long === '--json'));
    expect(without.filter((path) => !silent.includes(path))).toEqual([]);
  });

  it('and the version are no error', async () => {
    expect(await run('--version')).toEqual({ out: '0.1.0\n', err: '', exitCode: 0 });
  });
});
