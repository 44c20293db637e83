import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fail, ok, warn, type Finding } from './finding.js';

/** A day of a thousand series at a sample a minute takes some 15 MB; below this a service would soon stand still. */
const LEAST_FREE_BYTES = 100 * 2 ** 20;
const COMFORTABLE_FREE_BYTES = 2 ** 30;

/** Whether the service can keep its data there: writable, private, with room. */
export async function checkDataFolder(dataDir: string): Promise<readonly Finding[]> {
  const folder = resolve(dataDir);
  const existing = nearestExisting(folder);
  const isThere = existing === folder;
  if (!statSync(existing).isDirectory())
    return [fail('data folder', `${existing} is no folder`, 'set dataDir to another path')];
  if (!isWritable(existing))
    return [
      fail(
        'data folder',
        `${existing} can't be written`,
        'give its owner the user that runs the service, or set dataDir',
      ),
    ];
  const written = isThere ? `${folder} is writable` : `${folder} is made at the first start`;
  return [ok('data folder', written), ...(isThere ? checkMode(folder) : []), await checkSpace(existing)];
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function checkMode(folder: string): readonly Finding[] {
  const isOpen = (statSync(folder).mode & 0o077) !== 0;
  if (!isOpen || process.platform === 'win32') return [];
  return [
    warn(
      'data folder mode',
      'other users can look into it; it holds tokens and a signing key',
      `chmod 700 ${folder}`,
    ),
  ];
}

async function checkSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${gib(free)} GiB are free`;
  const remedy = 'free space, or shorten retention.samples';
  if (free < LEAST_FREE_BYTES) return fail('disk', detail, remedy);
  return free < COMFORTABLE_FREE_BYTES ? warn('disk', detail, remedy) : ok('disk', detail);
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
