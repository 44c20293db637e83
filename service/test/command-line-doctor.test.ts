import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanaryScene, type CanaryScene, type Ran } from './canary-scene.js';
import { startReceiver } from './receiver.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let scene: CanaryScene;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  scene = await startCanaryScene(0.01);
  receiver = await startReceiver();
}, 60_000);
afterAll(async () => {
  await receiver.stop();
  await scene.close();
});

interface Found {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly remedy?: string;
}

/** Examines a configuration beside the running service's own data. */
async function doctor(config: Readonly<Record<string, unknown>>, ...more: readonly string[]) {
  const file = join(scene.folder, 'doctor.json');
  writeFileSync(file, JSON.stringify({ dataDir: scene.service().dataDir, ...config }));
  const ran: Ran = await scene.start(['doctor', '--config', file, '--json', ...more]).ended;
  const { findings } = JSON.parse(ran.stdout) as { readonly findings: readonly Found[] };
  return { status: ran.status, of: (check: string) => findings.find((one) => one.check === check) };
}

describe('doctor', () => {
  it('finds nothing wrong beside a healthy service, and knows that it runs', async () => {
    const { status, of } = await doctor({});
    expect(status).toBe(0);
    for (const check of ['config', 'data folder', 'store', 'server', 'clock', 'access', 'ready'])
      expect(of(check)).toMatchObject({ status: 'ok' });
    expect(of('lock')?.detail).toContain('a service runs on this folder');
    expect(of('store')?.detail).toContain('schema version');
  });

  it('names what cannot work, each with its remedy, and exits with 3', async () => {
    const { status, of } = await doctor({
      dataDir: join(scene.tokenFile, 'below'),
      executors: [{ kind: 'command', name: 'kub', argv: ['no-such-program'] }],
      webhooks: [{ name: 'hook', url: 'https://no-such-host.invalid/x', secret: { file: secretFile() } }],
      sources: [{ kind: 'prometheus', name: 'prom', url: 'http://127.0.0.1:9' }],
      egress: { allow: ['127.0.0.1/32'] },
    });
    expect(status).toBe(3);
    for (const check of ['data folder', 'executor "kub"', 'webhook "hook"', 'source "prom"']) {
      expect(of(check)).toMatchObject({ status: 'fail' });
      expect(of(check)?.remedy).toBeTypeOf('string');
    }
  });

  it('shows the field of a wrong configuration and goes on with what needs none', async () => {
    const { status, of } = await doctor({ lisen: {} });
    expect(status).toBe(3);
    expect(of('config')?.detail).toContain('/lisen: unknown field "lisen"; did you mean "listen"?');
    expect(of('server')).toMatchObject({ status: 'ok' });
  });

  it('sends nothing unless it is told to, and then a signed message', async () => {
    const hooks = {
      webhooks: [{ name: 'hook', url: receiver.url, secret: { file: secretFile() } }],
      egress: { allow: ['127.0.0.1/32'] },
    };
    expect((await doctor(hooks)).of('webhook "hook"')).toMatchObject({ status: 'ok' });
    expect(receiver.received).toHaveLength(0);
    const { of } = await doctor(hooks, '--send-test');
    expect(of('webhook "hook"')?.detail).toContain('took a test message');
    const [message] = receiver.received;
    expect(
      new Webhook(SECRET).verify(message?.text ?? '', message?.headers as Record<string, string>),
    ).toMatchObject({
      type: 'bellwether.test',
    });
  });
});

function secretFile(): string {
  const file = join(scene.folder, 'secret');
  writeFileSync(file, SECRET);
  return file;
}
