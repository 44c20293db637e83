import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCanaryScene, type CanaryScene } from './canary-scene.js';
import { errorPolicy } from './traffic.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
const PAST_MS = 8_000;
const page = readFileSync(new URL('../../docs/pipelines.md', import.meta.url), 'utf8');

/** The blocks of shell in the two halves of the page. */
function blocks(part: string): readonly string[] {
  return [...part.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** Runs a script as a pipeline would, with `bellwether` on its path. */
async function runScript(scene: CanaryScene, script: string) {
  const bin = join(scene.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'bellwether'), `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`, {
    mode: 0o755,
  });
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    env: {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      BELLWETHER_URL: scene.service().url,
      BELLWETHER_TOKEN_FILE: scene.tokenFile,
      RUN: '17',
    },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, said };
}

describe('docs/pipelines.md', { timeout: 120_000 }, () => {
  const [withCommands = '', withCurl = ''] = page.split('\n## With curl\n');

  it.each([
    [
      'the command line',
      blocks(withCommands),
      ['going on', 'Noted for', 'finished, canary', '"type":"end"', 'is cancelled'],
    ],
    ['curl', blocks(withCurl), []],
  ] as const)('takes a canary through with %s', async (_how, scripts, parts) => {
    expect(scripts.length).toBeGreaterThan(2);
    const [metric] = errorPolicy().metrics;
    // A tolerance that a few seconds of this traffic can bound.
    const metrics = [{ ...metric, minEffect: { relative: 1 }, tolerance: { relative: 2 } }];
    const scene = await startCanaryScene(0.01, { interval: '500ms', watch: '10s', settle: '1s', metrics });
    try {
      // The step that takes all traffic is compared with the time before.
      await sleep(PAST_MS);
      const { status, said } = await runScript(scene, scripts.join('\n'));
      expect({ status, said }).toMatchObject({ status: 0 });
      for (const part of parts) expect(said).toContain(part);
      const { body } = await scene.service().request('GET', '/api/v1/deployments?service=cart');
      const items = body['items'] as readonly Readonly<Record<string, unknown>>[];
      expect(items.find(({ version }) => version === 'v2')).toMatchObject({
        state: expect.stringMatching(/^(finished|superseded)$/) as string,
        finishedAt: expect.any(String) as string,
        latestVerdict: { verdict: 'continue', step: { name: 'full' } },
        plannedSteps: [{ name: 'canary' }, { name: 'full' }],
      });
    } finally {
      await scene.close();
    }
  });
});
