import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { configSchema } from '../src/config/config-schema.js';
import { tokenOf } from '../src/http/test-server.js';
import { createHookScene, hookPayload } from './hook-scene.js';

const page = readFileSync(new URL('../../docs/deployments-in.md', import.meta.url), 'utf8');

function blocks(language: string): readonly string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...page.matchAll(fence)].map(([, block = '']) => block);
}

test('every configuration on the page is valid, and every YAML can be read', () => {
  const configs = blocks('json');
  expect(configs).toHaveLength(2);
  for (const config of configs)
    expect(configSchema.safeParse(JSON.parse(config)).error?.issues).toBeUndefined();
  for (const text of blocks('yaml'))
    for (const { errors } of parseAllDocuments(text)) expect(errors).toEqual([]);
});

test('every command on the page reports a deployment', async () => {
  const { hooks } = JSON.parse(blocks('json')[0] ?? '') as { hooks: readonly object[] };
  const scene = await createHookScene(hooks);
  try {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-hooks-guide-'));
    writeFileSync(join(folder, 'token'), tokenOf('pipeline'));
    writeFileSync(join(folder, 'output.json'), hookPayload('flyway-migrate.json'));
    // What Flyway would print; the program itself is not here.
    writeFileSync(join(folder, 'flyway'), '#!/bin/sh\ncat output.json\n', { mode: 0o755 });
    const child = spawn('bash', ['-euo', 'pipefail', '-c', blocks('sh').join('\n')], {
      cwd: folder,
      env: {
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
        BELLWETHER_URL: scene.url,
        BELLWETHER_TOKEN_FILE: join(folder, 'token'),
        BUILD_NUMBER: '17',
      },
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect({ status, said }).toMatchObject({ status: 0 });
    const made = (await scene.deployments()).map(({ service, version }) => `${service} ${version}`);
    expect(made.toSorted()).toEqual(['cart 2.14.0', 'cart-database 1.3', 'cart-database 17']);
  } finally {
    await scene.close();
  }
});
