import { spawnSync } from 'node:child_process';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../src/cli/store-commands.js';
import { startService, type RunningService } from './running-service.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the command line beside a running service', () => {
  let service: RunningService;
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-cli-'));
  beforeAll(async () => {
    service = await startService();
    await service.request('POST', '/api/v1/deployments', {
      service: 'cart',
      environment: 'prod',
      version: 'v2',
      strategy: 'rolling',
      change: { kind: 'code' },
      policy: {
        metrics: [
          {
            name: 'm',
            kind: 'latency',
            unit: 's',
            signal: { type: 'gauge', series: { metric: 'm', labels: {} } },
          },
        ],
      },
    });
  });
  afterAll(() => service.stop());

  it('verifies the audit chain, and finds an entry that was altered in a copy', () => {
    expect(run('audit', 'verify', '--data-dir', service.dataDir)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/chain holds: \d+ entries/) as string,
    });
    const copy = join(folder, DATABASE_FILE);
    expect(run('backup', copy, '--data-dir', service.dataDir)).toMatchObject({ status: 0 });
    expect(statSync(copy).size).toBeGreaterThan(0);
    const db = new Database(copy);
    db.exec(
      `DROP TRIGGER audit_update; UPDATE audit SET detail = replace(detail, 'v2', 'v3') WHERE sequence = 1`,
    );
    db.close();
    const { status, stdout } = run('audit', 'verify', '--data-dir', folder);
    expect(status).toBe(1);
    expect(stdout).toMatch(/broken at entry 1/);
  });

  it('refuses to overwrite a backup, or to serve the same data twice', () => {
    const taken = join(folder, 'taken.db');
    writeFileSync(taken, 'mine');
    expect(run('backup', taken, '--data-dir', service.dataDir).status).toBe(3);
    const file = join(folder, 'second.json');
    writeFileSync(file, JSON.stringify({ listen: { port: 0 }, dataDir: service.dataDir }));
    const second = run('serve', '--config', file);
    expect(second.status).toBe(3);
    expect(second.stderr).not.toMatch(/\n\s+at /);
  });

  it('stops at an unknown key, with the closest known one and no stack trace', () => {
    const file = join(folder, 'typo.json');
    writeFileSync(file, JSON.stringify({ polices: {} }));
    const { status, stderr } = run('serve', '--config', file);
    expect(status).toBe(3);
    expect(stderr).toContain('did you mean "policies"?');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
