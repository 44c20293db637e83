import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { CommandIo } from './command-io.js';
import { addPolicyCommands } from './policy-commands.js';
import { span } from './policy/span.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-policy-cli-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const metrics = 'metrics: [{ name: m, kind: error, signal: { type: gauge, series: { metric: m } } }]';
const examples = new URL('../../../docs/examples/policies', import.meta.url).pathname;

/** Runs `bellwether policy …`. */
async function policy(...args: readonly string[]) {
  let [out, code] = ['', 0];
  const io: CommandIo = {
    environment: {},
    out: (text) => (out += text),
    err: () => undefined,
    isTerminal: false,
    columns: 80,
    setExitCode: (given) => (code = given),
    stop: new AbortController().signal,
  };
  const program = new Command('bellwether').exitOverride();
  addPolicyCommands(program, io);
  await program.parseAsync(['policy', ...args], { from: 'user' });
  return { out, code };
}

describe('policy validate', () => {
  it('shows every error under its line, and exits 3', async () => {
    const bad = write('bad.yaml', `alpha: 0.7\nwach: 30m\n${metrics}\n`);
    const { out, code } = await policy('validate', bad);
    expect(code).toBe(3);
    expect(out).toBe(
      [
        `${bad}:1:8: alpha: must be at most 0.5; give a number of at most 0.5`,
        '  1 | alpha: 0.7',
        '    |        ^',
        '',
        `${bad}:2:1: wach: unknown field "wach"; did you mean "watch"?`,
        '  2 | wach: 30m',
        '    | ^',
        '',
        '2 errors in 1 file.',
        '',
      ].join('\n'),
    );
  });

  it('prints the same as data', async () => {
    const bad = write('bad.yaml', `wach: 30m\n${metrics}\n`);
    const { out, code } = await policy('validate', '--json', bad);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      problems: [{ file: bad, line: 1, column: 1, key: 'wach', remedy: 'did you mean "watch"?' }],
    });
  });

  it('takes the examples of the documentation', async () => {
    expect(await policy('validate', examples)).toEqual({
      out: '4 policies in 3 files: valid. Sources and executors were not checked; --config names them.\n',
      code: 0,
    });
  });

  it('checks sources, executors and names against a configuration', async () => {
    const file = write('cart.yaml', `executor: shpo\n${metrics}\n`);
    const config = write(
      'bellwether.json',
      JSON.stringify({
        executors: [{ kind: 'command', name: 'shop', argv: ['true'] }],
        policies: {
          pay: {
            metrics: [{ name: 'm', kind: 'error', signal: { type: 'gauge', series: { metric: 'm' } } }],
          },
        },
      }),
    );
    expect((await policy('validate', file, '--config', config)).out).toContain(
      'executor: no executor "shpo" is configured; did you mean "shop"?',
    );
    const taken = write('taken.yaml', `name: pay\n${metrics}\n`);
    expect((await policy('validate', taken, '--config', config)).out).toContain(
      `a policy "pay" is in ${config} (/policies/pay) too`,
    );
    expect((await policy('explain', 'pay', '--config', config)).out).toContain('Policy "pay"');
    await expect(policy('explain', 'pya', '--config', config)).rejects.toThrow('did you mean "pay"?');
    await expect(policy('explain', join(folder, 'none.yaml'))).rejects.toThrow('there is no file or folder');
  });

  it('says what it needs', async () => {
    await expect(policy('validate')).rejects.toThrow('name policy files or folders');
    await expect(policy('validate', join(folder, 'none'))).rejects.toThrow('there is no file or folder');
  });
});

describe('policy explain', () => {
  it('tells what a policy means, defaults filled in', async () => {
    const { out } = await policy('explain', join(examples, 'checkout.yaml'), '--deploys-per-month', '40');
    for (const words of [
      'Acts: a rollback is carried out by the executor "checkout-rollback"',
      'Harm is rising by at least 25 % and 0.1 points (both)',
      '14.4 times as fast as it may over 1 hour, and still over the last 5 minutes',
      'above 2 s for 3 intervals on end rolls back at once',
      'At 40 deployments a month that is at most about 1 false rollback a month',
      'canary 0.5 %, quarter 0.75 %, full 1.25 %',
      'needs 199 independent quiet watches at α = 0.005',
      'enough, as soon as the source has samples for that long',
      'judged 3 minutes after the others',
      'Earliest continue: 17 minutes after it',
      'Required: "http errors", "http p95 latency"',
      'when Bellwether does not answer, go on',
      'At most 2 automatic rollbacks an hour',
    ])
      expect(out).toContain(words);
  });

  it('warns of a history that is too short, and of an error rate that none can prove', async () => {
    const short = write('short.yaml', `history: 2h\n${metrics}\n`);
    expect((await policy('explain', short)).out).toContain('hold at most 3: TOO FEW');
    const tiny = write('tiny.yaml', `alpha: 0.0001\n${metrics}\n`);
    expect((await policy('explain', tiny)).out).toContain('more than are ever replayed');
  });

  it('tells of what is found and checked beside the metrics', async () => {
    const file = write(
      'more.yaml',
      `discover: { source: prom, match: { job: cart } }\nrequiredChecks: [{ name: smoke, step: full, onFailure: rollback }]\nsteps: [{ name: full }]\n${metrics}\n`,
    );
    const { out } = await policy('explain', file);
    expect(out).toContain('up to 30 further metrics of the source "prom" with job="cart" are watched, too');
    expect(out).toMatch(/"smoke".* must have passed before the step "full" continues/);
  });

  it('needs a name where there are several to choose from, and refuses what is not valid', async () => {
    expect((await policy('explain', examples, '--name', 'workers')).out).toMatch(/^Policy "workers"/);
    await expect(policy('explain', examples, '--name', 'wokers')).rejects.toThrow('did you mean "workers"?');
    await expect(policy('explain', write('bad.yaml', 'metrics: []'))).rejects.toThrow(
      'bad.yaml:1:10: metrics',
    );
  });
});

describe('policy templates and policy schema', () => {
  it('show what there is', async () => {
    expect((await policy('templates')).out).toMatch(/^Template.*\n.*dns/);
    const { out } = await policy('templates', 'http-red');
    expect(out).toContain('objective');
    expect(out).toContain('source     source    required');
    await expect(policy('templates', 'http-rde')).rejects.toThrow('did you mean "http-red"?');
    expect(JSON.parse((await policy('schema')).out)).toMatchObject({ title: 'Bellwether policy' });
  });
});

describe('policy test', () => {
  it('says so when there is nothing to judge by or no file to read', async () => {
    const good = write('good.yaml', metrics);
    await expect(policy('test', examples, '--cases', good)).rejects.toThrow('choose one with --name');
    await expect(policy('test', good, '--cases', join(folder, 'none.jsonl'))).rejects.toThrow(/none\.jsonl/);
  });
});

describe('span', () => {
  it.each([
    [0, '0 seconds'],
    [500, '500 milliseconds'],
    [60_000, '1 minute'],
    [37_800_000, '10 hours 30 minutes'],
    [93_784_000, '1 day 2 hours'],
  ])('writes %d ms as %s', (ms, words) => {
    expect(span(ms)).toBe(words);
  });
});
