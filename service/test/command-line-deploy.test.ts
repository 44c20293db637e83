import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanaryScene, type CanaryScene, type Ran } from './canary-scene.js';

let scene: CanaryScene;
beforeAll(async () => {
  scene = await startCanaryScene(0.01, { watch: '1h', interval: '1m', settle: '1m', history: '1d' });
}, 60_000);
afterAll(() => scene.close());

const deployment = [
  '--service',
  'cart',
  '--environment',
  'prod',
  '--version',
  'v2',
  '--previous-version',
  'v1',
];
const data = ({ stdout }: Ran): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;
const start = (...more: readonly string[]): Ran => scene.run(['deploy', 'start', ...deployment, ...more]);

describe('deploy', () => {
  it('goes through a canary: start, step, finish, show, list', () => {
    const started = start('--id', 'cart-2', '--step', 'canary:5%', '--step', 'full', '--label', 'team=pay');
    expect(started).toMatchObject({ status: 0, stderr: '' });
    expect(started.stdout).toContain('with step "canary" (1 of 2)');
    expect(data(scene.run(['deploy', 'step', 'cart-2', '--json']))).toMatchObject({ name: 'full', index: 1 });
    expect(scene.run(['deploy', 'finish', 'cart-2'])).toMatchObject({ status: 0 });
    const shown = scene.run(['deploy', 'show', 'cart-2']).stdout;
    for (const part of [
      'cart in prod, v1 → v2',
      'finished, canary',
      'labels: team=pay',
      '1. canary (5 %)',
      '2. full',
    ])
      expect(shown).toContain(part);
    expect(scene.run(['deploy', 'list', '--label', 'team=pay']).stdout).toMatch(
      /cart-2 +cart\/prod +v1 → v2 +finished/,
    );
  });

  it('prints the id alone for scripts, and starts nothing twice under one key', () => {
    const first = start('--quiet', '--idempotency-key', 'run-17');
    const second = start('--quiet', '--idempotency-key', 'run-17');
    expect(first.stdout).toMatch(/^[\w-]+\n$/);
    expect(second.stdout).toBe(first.stdout);
  });

  it('takes a policy from a file, and shows which field of it is wrong', () => {
    const file = join(scene.folder, 'policy.yaml');
    const metric = '{name: m, kind: latency, signal: {type: gauge, series: {metric: m}}}';
    writeFileSync(file, `alpha: 0.01\nmetrics: [${metric}]\n`);
    expect(data(start('--policy', `@${file}`, '--json'))).toMatchObject({ policy: { alpha: 0.01 } });
    writeFileSync(file, `alhpa: 0.01\nmetrics: [${metric}]\n`);
    const refused = start('--policy', `@${file}`);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain('/policy/alhpa: unknown field "alhpa"; did you mean "alpha"?');
  });

  it('lists page by page, or all', async () => {
    const body = { service: 'stock', environment: 'prod', version: '1' };
    for (let i = 0; i < 3; i += 1) await scene.service().request('POST', '/api/v1/deployments', body);
    const page = data(scene.run(['deploy', 'list', '--limit', '2', '--json']));
    expect(page['items']).toHaveLength(2);
    expect(page['nextCursor']).toBeTypeOf('string');
    const all = data(scene.run(['deploy', 'list', '--limit', '2', '--all', '--json']));
    expect((all['items'] as unknown[]).length).toBeGreaterThan(4);
    expect(all['nextCursor']).toBeUndefined();
    expect(scene.run(['deploy', 'list', '--service', 'nothing'])).toMatchObject({
      stdout: 'No deployment fits.\n',
    });
  });

  it('cancels, and then refuses to finish, with what to do instead', () => {
    start('--id', 'stopped');
    expect(scene.run(['deploy', 'cancel', 'stopped', '--reason', 'enough']).status).toBe(0);
    const refused = scene.run(['deploy', 'finish', 'stopped']);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain('start a new deployment instead');
    expect(scene.run(['watch', 'stopped'])).toMatchObject({ status: 5 });
  });
});

describe('what people decide', () => {
  it('is asked for with a reason, and printed', () => {
    start('--id', 'by-hand');
    expect(scene.run(['continue', 'by-hand', '--reason', 'a load test']).stdout).toContain('is continue now');
    expect(scene.run(['feedback', 'by-hand', '--judgement', 'right']).stdout).toContain('was right');
    expect(scene.run(['watch', 'by-hand'])).toMatchObject({ status: 0 });
    const refused = scene.run(['rollback', 'by-hand', '--reason', 'r']);
    expect(refused).toMatchObject({ status: 3 });
    expect(refused.stderr).toContain('names no executor');
  });

  it('takes checks, notes, holds and who has it', () => {
    start('--id', 'held');
    const junit = join(scene.folder, 'junit.xml');
    writeFileSync(
      junit,
      '<testsuite tests="2" failures="1"><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>',
    );
    expect(scene.run(['check', 'add', 'held', '--name', 'e2e', '--junit', junit]).stdout).toContain(
      'is failed (2 tests, 1 failed',
    );
    const signOff = [
      '--name',
      'sign-off',
      '--kind',
      'sign-off',
      '--state',
      'passed',
      '--by',
      'Ada',
      '--by-role',
      'release manager',
    ];
    expect(scene.run(['check', 'add', 'held', ...signOff])).toMatchObject({ status: 0 });
    expect(scene.run(['check', 'list', 'held']).stdout).toMatch(/sign-off +sign-off +all +passed/);
    expect(scene.run(['check', 'add', 'held', '--name', 'x']).stderr).toContain('Give --state');
    expect(scene.run(['note', 'held', '--kind', 'lesson', 'warm the cache']).status).toBe(0);
    expect(scene.run(['ack', 'held', '--comment', 'on it']).status).toBe(0);
    expect(
      scene.run(['incident', 'held', '--url', 'https://i.example.com/1', '--title', 'slow']).status,
    ).toBe(0);
    expect(scene.run(['hold', 'held', '--reason', 'an incident']).stdout).toContain('held is held');
    expect(scene.run(['proceed', 'held', '--reason', 'over']).stdout).toContain('held goes on');
  });
});

describe('a command that the service refuses', () => {
  it('says which token it was and how to give another', () => {
    const { status, stderr } = scene.run(['deploy', 'list'], { BELLWETHER_TOKEN: `bw_x_${'y'.repeat(43)}` });
    expect([status, stderr]).toEqual([3, expect.stringContaining('(401)')]);
    expect(stderr).toContain('--token-file');
  });

  it('or that is sent where none is, says where it looked', () => {
    const { status, stderr } = scene.run(['deploy', 'list', '--server', 'http://127.0.0.1:2']);
    expect(status).toBe(3);
    expect(stderr).toContain('http://127.0.0.1:2 (--server)');
    expect(stderr).toContain('is "bellwether serve" running');
  });

  it('of a deployment that is not there names it', () => {
    const { status, stderr } = scene.run(['deploy', 'show', 'no-such']);
    expect([status, stderr]).toEqual([3, expect.stringContaining('there is no deployment "no-such"')]);
  });
});
