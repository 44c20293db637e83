import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../src/cli/store-commands.js';
import { openSqliteReader } from '../src/store/sqlite/open-sqlite-reader.js';
import { startService, type RunningService } from './running-service.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;
function run(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}
const statusWith = async (service: RunningService, token: string): Promise<number> =>
  (await fetch(`${service.url}/api/v1/deployments`, { headers: { authorization: `Bearer ${token}` } }))
    .status;
const tokenIn = (dataDir: string): string => readFileSync(join(dataDir, 'first-admin-token'), 'utf8').trim();

describe('the first admin token', { timeout: 120_000 }, () => {
  it('lies in a file of its own, is on record, is listed, revoked, and then replaced at the next start', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bellwether-first-'));
    let service = await startService({ dataDir, config: { tokens: [] } });
    const file = join(dataDir, 'first-admin-token');
    const token = tokenIn(dataDir);
    const id = /^bw_([^_]+)_/.exec(token)?.[1] ?? '';
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(service.log()).toContain(file);
    expect(service.log()).not.toContain(token);
    expect(await statusWith(service, token)).toBe(200);

    const busy = run(['token', 'revoke', id, '--data-dir', dataDir]);
    expect([busy.status, busy.stderr]).toEqual([
      3,
      expect.stringContaining(`the service is running on ${dataDir}; stop it`),
    ]);
    expect(run(['token', 'list', '--data-dir', dataDir]).stdout).toMatch(
      new RegExp(`^${id}  admin  "first admin"  \\*/\\*/\\*  made \\S+  valid$`, 'm'),
    );
    expect(await service.stop()).toBe(0);

    service = await startService({ dataDir });
    expect(tokenIn(dataDir)).toBe(token);
    expect(await statusWith(service, token)).toBe(401);
    expect((await service.request('GET', '/api/v1/deployments')).status).toBe(200);
    expect(await service.stop()).toBe(0);

    expect(run(['token', 'revoke', 'nobody', '--data-dir', dataDir])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('"bellwether token list"') as string,
    });
    expect(run(['token', 'revoke', id, '--data-dir', dataDir])).toMatchObject({ status: 0 });
    expect(run(['token', 'revoke', id, '--data-dir', dataDir]).stdout).toContain('revoked already');
    expect(run(['token', 'list', '--data-dir', dataDir]).stdout).toMatch(/revoked \d{4}-/);
    expect(run(['audit', 'verify', '--data-dir', dataDir])).toMatchObject({ status: 0 });
    const reader = openSqliteReader({ file: join(dataDir, DATABASE_FILE) });
    expect(await reader.audit({ limit: 10 })).toMatchObject([
      { action: 'token.create', authentication: 'system', detail: { token: id, role: 'admin' } },
      { action: 'token.revoke', authentication: 'cli', detail: { token: id } },
    ]);
    await reader.close();

    service = await startService({ dataDir, config: { tokens: [] } });
    expect(await statusWith(service, token)).toBe(401);
    expect(await statusWith(service, tokenIn(dataDir))).toBe(200);
    expect(await service.stop()).toBe(0);
  });
});

describe('the command line on a data folder', { timeout: 120_000 }, () => {
  it('forgets a person and keeps the audit chain', async () => {
    const service = await startService();
    const { dataDir } = service;
    await service.request('PUT', '/api/v1/controls', {
      killSwitch: true,
      killSwitchReason: 'drill',
    });
    expect(await service.stop()).toBe(0);
    const read = async () => {
      const reader = openSqliteReader({ file: join(dataDir, DATABASE_FILE) });
      const entries = await reader.audit({ limit: 10 });
      const actor = entries[0]?.actor ?? '';
      const name = await reader.personBehind(actor);
      await reader.close();
      return { entries, actor, name };
    };
    const { actor, name } = await read();
    expect(name).toBe('test');
    expect(run(['person', 'forget', actor, '--data-dir', dataDir])).toMatchObject({ status: 0 });
    const after = await read();
    expect([after.actor, after.name]).toEqual([actor, undefined]);
    expect(after.entries.at(-1)).toMatchObject({ action: 'person.forget', detail: { pseudonym: actor } });
    expect(run(['audit', 'verify', '--data-dir', dataDir])).toMatchObject({ status: 0 });
    expect(run(['person', 'forget', actor, '--data-dir', dataDir])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('nobody is known as') as string,
    });

    const config = join(dataDir, 'other.json');
    writeFileSync(config, JSON.stringify({ dataDir }));
    const { BELLWETHER_DATA_DIR: _unset, ...rest } = process.env;
    expect(run(['audit', 'verify', '--config', config], rest)).toMatchObject({ status: 0 });
    expect(run(['audit', 'verify'], { ...rest, BELLWETHER_DATA_DIR: dataDir })).toMatchObject({ status: 0 });
    expect(run(['backup', join(dataDir, 'copy.db'), '-c', config], rest)).toMatchObject({ status: 0 });
    const nowhere = join(dataDir, 'nowhere');
    for (const args of [
      ['audit', 'verify'],
      ['token', 'list'],
      ['token', 'revoke', 'x'],
    ])
      expect(run([...args, '--data-dir', nowhere], rest)).toMatchObject({ status: 3, stdout: '' });
  });

  it.each([
    [['frobnicate'], 'unknown command'],
    [['serve', '--confg', 'x'], 'Did you mean --config?'],
    [['token', 'create', '--name', 'ci', '--role', 'pipelin'], 'viewer, pipeline, operator, admin'],
    [['token', 'create', '--name', 'ci'], '--role'],
    [[], 'Usage'],
  ])('ends a mistake with 3, not with the 1 of a rollback: %j', (args, message) => {
    const { status, stderr } = run(args);
    expect([status, stderr]).toEqual([3, expect.stringContaining(message)]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('ends help and the version with 0', () => {
    expect(run(['--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(run(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n' });
  });
});
