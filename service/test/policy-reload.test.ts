import { mkdtempSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../src/cli/store-commands.js';
import { eventually } from './eventually.js';
import { startService, type RunningService } from './running-service.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-policy-folder-'));
const write = (name: string, alpha: number | string): void => {
  writeFileSync(
    join(folder, name),
    `alpha: ${alpha}\nmetrics: [{ name: m, kind: error, signal: { type: gauge, series: { metric: m } } }]\n`,
  );
};

describe('a running service with a policy folder', () => {
  let service: RunningService;
  let deployments = 0;
  beforeAll(async () => {
    write('cart.yaml', 0.02);
    service = await startService({ config: { policyFolder: folder, openMetrics: true } });
  });
  afterAll(() => service.stop());

  const deploy = async (): Promise<string> => {
    const { status, body } = await service.request('POST', '/api/v1/deployments', {
      id: `cart-${(deployments += 1)}`,
      ...{ service: 'cart', environment: `env-${deployments}`, version: 'v2' },
    });
    expect(status).toBe(201);
    return String(body['id']);
  };
  const alphaOf = async (id: string): Promise<unknown> => {
    const { body } = await service.request('GET', `/api/v1/deployments/${id}`);
    return (body['policy'] as { readonly alpha: number }).alpha;
  };
  const metric = async (name: string): Promise<number> => {
    const { body } = await service.request('GET', '/metrics');
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(String(body['text']))?.[1]);
  };
  const audited = (): {
    readonly changes: readonly { policy: string; change: string; hash?: string }[];
  }[] => {
    const db = new Database(join(service.dataDir, DATABASE_FILE), { readonly: true });
    const rows = db
      .prepare(`SELECT detail FROM audit WHERE action = 'policies.reload' ORDER BY sequence`)
      .all();
    db.close();
    return rows.map(
      (row) => JSON.parse((row as { detail: string }).detail) as ReturnType<typeof audited>[number],
    );
  };

  it('judges by what is in the folder, and a running watch keeps the policy that it began with', async () => {
    const before = await deploy();
    write('cart.yaml', 0.04);
    await eventually('the reload', () => (service.log().includes('was reloaded') ? true : undefined));
    expect(await alphaOf(await deploy())).toBe(0.04);
    expect(await alphaOf(before)).toBe(0.02);
  });

  it('keeps the last good policies while the folder has an error, and says so loudly', async () => {
    write('cart.yaml', 0.9);
    await eventually('the refusal', () =>
      service.log().includes('the policy folder has errors') ? true : undefined,
    );
    expect(service.log()).toContain(`cart.yaml:1:8: alpha: must be at most 0.5`);
    expect(await alphaOf(await deploy())).toBe(0.04);
    expect(await metric('bellwether_policy_problems')).toBe(1);
    expect(await metric('bellwether_policy_reloads_total{outcome="refused"}')).toBe(1);
    expect((await service.request('GET', '/readyz')).status).toBe(200);
    const { body } = await service.request('GET', '/readyz');
    expect(body).toMatchObject({ status: 'degraded' });
  });

  it('announces the next good state in log and audit log, each change with its hash', async () => {
    write('cart.yaml', 0.05);
    write('pay.yaml', 0.01);
    const entries = await eventually('the audit entry', () => {
      const all = audited();
      return all.some(({ changes }) => changes.some(({ policy }) => policy === 'pay')) ? all : undefined;
    });
    const changes = entries.flatMap((entry) => entry.changes);
    expect(changes.map(({ policy, change }) => `${policy} ${change}`)).toEqual(
      expect.arrayContaining(['cart added', 'cart changed', 'pay added']),
    );
    expect(changes.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash ?? ''))).toBe(true);
    expect(service.log()).toContain(String(changes.at(-1)?.hash));
    expect(await metric('bellwether_policy_problems')).toBe(0);
  });

  it('does not start with a folder that has errors', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'bellwether-policy-broken-'));
    writeFileSync(join(broken, 'cart.yaml'), 'metrics: []\nalhpa: 1\n');
    await expect(startService({ config: { policyFolder: broken } })).rejects.toThrow(
      /cart\.yaml:1:10: metrics: must have at least 1 entry;.*\n.*cart\.yaml:2:1: alhpa: unknown field "alhpa"; did you mean "alpha"\?/,
    );
    unlinkSync(join(broken, 'cart.yaml'));
  });
});
