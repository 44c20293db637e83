import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanaryScene, type CanaryScene, type Ran } from './canary-scene.js';
import { errorPolicy } from './traffic.js';

let scene: CanaryScene;
beforeAll(async () => {
  scene = await startCanaryScene(0.01, { watch: '1h', interval: '1m', settle: '1m', history: '1d' });
  const versions = ['--version', 'v2', '--previous-version', 'v1'];
  const place = ['--service', 'cart', '--environment', 'prod'];
  scene.run(['deploy', 'start', '--id', 'cart-2', ...place, ...versions]);
  scene.run(['continue', 'cart-2', '--reason', 'a load test']);
}, 60_000);
afterAll(() => scene.close());

const idIn = ({ stdout }: Ran): string => /--retract (\S+)"/.exec(stdout)?.[1] ?? '';

describe('feedback on the command line', () => {
  it('is given with metrics, shows in what is known of the service, and is taken back', () => {
    const given = scene.run(['feedback', 'cart-2', '--judgement', 'missed-harm', '--noise', 'error ratio']);
    expect(given).toMatchObject({ status: 0, stderr: '' });
    expect(given.stdout).toContain('was missed-harm');
    expect(scene.run(['deploy', 'show', 'cart-2']).stdout).toContain('missed-harm, error ratio noise');
    const known = scene.run(['calibration', 'cart']).stdout;
    for (const part of [
      'prod: policy',
      'None was judged yet.',
      '1 of the last 1 releases were spoken of.',
      '1 of 1 releases did harm',
      '"error ratio" gets 0.67 times its weight',
    ])
      expect(known).toContain(part);
    const id = idIn(given);
    expect(scene.run(['feedback', 'cart-2', '--retract', id]).stdout).toContain('no longer counts');
    expect(scene.run(['calibration', 'cart', '--environment', 'prod']).stdout).toContain('Nobody has spoken');
  });

  it('says what is missing and what does not go together', () => {
    expect(scene.run(['feedback', 'cart-2'])).toMatchObject({ status: 3 });
    const both = scene.run(['feedback', 'cart-2', '--retract', 'x', '--noise', 'error ratio']);
    expect(both.stderr).toContain('cannot be used with');
    const unknown = scene.run(['feedback', 'cart-2', '--useful', 'latency']);
    expect(unknown.stderr).toContain('name one of error ratio');
    expect(scene.run(['calibration', 'nobody']).stderr).toContain('nothing was deployed to "nobody"');
  });

  it('is set back, and explained beside the policy', () => {
    scene.run(['feedback', 'cart-2', '--judgement', 'missed-harm']);
    const file = join(scene.folder, 'policy.json');
    writeFileSync(file, JSON.stringify({ ...errorPolicy(), name: 'cart' }));
    const explain = () => scene.run(['policy', 'explain', file, '--service', 'cart']).stdout;
    const before = explain();
    expect(before).toContain('What was learned of cart in prod');
    expect(before).toContain('it moves towards the service');
    expect(before).toContain('1 of 1 releases did harm (people spoke of 1)');
    const reset = ['reset-tuning', 'cart', '--environment', 'prod', '--reason', 'another team'];
    expect(scene.run(reset).stdout).toContain('start afresh');
    expect(explain()).toContain('as the policy declares');
  });
});
