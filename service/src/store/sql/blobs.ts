import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

/**
 * Measured on the evidence of 20 metrics (790 kB of JSON): quality 2 makes it 22 times smaller in 1.5 ms; 1: 16 times,
 * 1.0 ms; 6: 23 times, 5.4 ms; deflate 6: 4 times, 30 ms.
 */
const quality = 2;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

export async function blob(db: Db, hash: string): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('blob').select('content').where('hash', '=', hash).executeTakeFirst();
  return row && (await decompress(row.content));
}

/** Content seen before is not stored again, but counts as used now. */
export async function putBlob(db: Db, content: Uint8Array, nowMs: number): Promise<string> {
  const hash = createHash('sha256').update(content).digest('hex');
  const known = await db
    .updateTable('blob')
    .set({ used_at_ms: nowMs })
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (known.numUpdatedRows > 0n) return hash;
  const compressed = await compress(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
    },
  });
  await db.insertInto('blob').values({ hash, used_at_ms: nowMs, content: compressed }).execute();
  return hash;
}
