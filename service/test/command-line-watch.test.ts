import { describe, expect, it } from 'vitest';
import { startCanaryScene, type CanaryScene } from './canary-scene.js';

const start = [
  ...['deploy', 'start', '--service', 'cart', '--environment', 'prod'],
  ...['--version', 'v2', '--previous-version', 'v1', '--step', 'canary:10%', '--step', 'full'],
];

async function within(
  errorRatio: number,
  policy: Readonly<Record<string, unknown>>,
  use: (scene: CanaryScene) => Promise<void> | void,
): Promise<void> {
  const scene = await startCanaryScene(errorRatio, policy);
  try {
    await use(scene);
  } finally {
    await scene.close();
  }
}

const lines = (stdout: string): readonly Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('watch', { timeout: 120_000 }, () => {
  it('exits with 1 for a canary that fails, in plain lines that tell why', () =>
    within(0.2, { watch: '60s' }, async (scene) => {
      const bad = scene.start([...start, '--id', 'bad', '--wait', '--timeout', '60s']);
      const { status, stdout } = await bad.ended;
      expect(status).toBe(1);
      for (const part of [
        'look 0/300',
        'verdict ROLLBACK',
        'error ratio',
        'Next: bellwether rollback bad',
        'Exit code 1.',
      ])
        expect(stdout).toContain(part);
      expect(stdout).not.toContain('\u001b');
    }));

  it('outlives a restart of the service, says so, and exits with 0 for a canary that is well', () =>
    within(0.01, { watch: '12s', earliestContinue: 0.9 }, async (scene) => {
      expect(scene.run([...start, '--id', 'good'])).toMatchObject({ status: 0 });
      let restarted: Promise<void> | undefined;
      const { ended } = scene.start(['watch', 'good', '--json'], (stdout) => {
        if (stdout.includes('"lastLook":3')) restarted ??= scene.restart(1_500);
      });
      const { status, stdout } = await ended;
      await restarted;
      const said = lines(stdout);
      const types = said.map(({ type }) => type);
      expect(types.indexOf('lost')).toBeGreaterThan(0);
      expect(types.indexOf('back')).toBeGreaterThan(types.indexOf('lost'));
      expect(said.at(-1)).toMatchObject({ type: 'end', end: 'final', exitCode: status });
      // Little evidence can end either way; what must not happen is a rollback or an error.
      expect([0, 2]).toContain(status);
    }));

  it('leaves the deployment running at Ctrl-C, and says how to go on', () =>
    within(0.01, { watch: '1h', interval: '1m', settle: '1m', history: '1d' }, async (scene) => {
      scene.run([...start, '--id', 'left']);
      let isStopped = false;
      const watching = scene.start(['watch', 'left'], (stdout) => {
        // A second signal would end it at once.
        if (!isStopped && stdout.includes('watching left')) watching.signal('SIGINT');
        isStopped ||= stdout.includes('watching left');
      });
      const { status, stdout } = await watching.ended;
      expect(status).toBe(4);
      expect(stdout).toContain('Take it up again: bellwether watch left');
      expect(scene.run(['deploy', 'show', 'left']).stdout).toContain('running, canary');
    }));

  it('times out with 4, or as the failure policy says; an outage is an error or as it says', () =>
    within(
      0.01,
      {
        ...{ watch: '1h', interval: '1m', settle: '1m', history: '1d' },
        consumers: { pending: 'fail-open', inconclusive: 'fail-closed', outage: 'fail-open' },
      },
      async (scene) => {
        scene.run([...start, '--id', 'slow']);
        expect(scene.run(['watch', 'slow', '--timeout', '300ms'])).toMatchObject({ status: 4 });
        const open = scene.run(['watch', 'slow', '--timeout', '300ms', '--respect-failure-policy']);
        expect(open.status).toBe(0);
        expect(open.stdout).toContain('The failure policy says fail-open for "pending": go on.');
        const cut = scene.start(
          ['watch', 'slow', '--timeout', '4s', '--respect-failure-policy'],
          (stdout) => {
            if (stdout.includes('watching slow')) void scene.service().kill();
          },
        );
        const ended = await cut.ended;
        expect(ended.status).toBe(0);
        expect(ended.stdout).toContain('fail-open for "outage"');
        const gone = scene.run(['watch', 'slow', '--timeout', '700ms']);
        expect([gone.status, gone.stdout]).toEqual([3, expect.stringContaining("can't be reached")]);
      },
    ));

  it('of a deployment that is not there exits with 3', () =>
    within(0.01, {}, (scene) => {
      const { status, stderr } = scene.run(['watch', 'nobody']);
      expect([status, stderr]).toEqual([3, expect.stringContaining('there is no deployment "nobody"')]);
    }));
});
