import type { KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Kysely, Selectable } from 'kysely';
import type { AuditVerification } from '../../port.js';
import type { Tables } from '../tables.js';
import { canonicalJson } from './canonical-json.js';
import { entryHash, genesisHash, newestEntry, toEntry } from './chain.js';
import { checkpointEvery, signatureProblem } from './checkpoint.js';

type Db = Kysely<Tables>;
type Row = Selectable<Tables['audit']>;
type Checkpoint = Selectable<Tables['audit_checkpoint']>;
type Failure = Extract<AuditVerification, { ok: false }>;

/** About 5 ms of hashing: other work gets its turn between pages. */
const pageSize = 250;

/**
 * Walks the whole chain. Notices an entry that was altered, removed, inserted or moved, a checkpoint that is missing,
 * forged or does not fit its entry, and a tail cut behind the last checkpoint. Entries behind a signed `pruned-to`
 * checkpoint may be gone; the walk starts at the entry that it signs.
 * @param keys trusted public keys by key id
 */
export async function verifyChain(db: Db, keys: ReadonlyMap<string, KeyObject>): Promise<AuditVerification> {
  for (;;) {
    const before = await prunedTo(db);
    const result = await verifyOnce(db, keys);
    // A pruning that overtook the walk looks like missing entries; then the walk is repeated from the new start.
    if (result.ok || before === (await prunedTo(db))) return result;
  }
}

async function prunedTo(db: Db): Promise<number> {
  const row = await db
    .selectFrom('audit_checkpoint')
    .select((column) => column.fn.max('sequence').as('sequence'))
    .where('kind', '=', 'pruned-to')
    .executeTakeFirst();
  // The types do not know it: the maximum of no rows is null.
  return (row?.sequence as number | null | undefined) ?? 0;
}

async function verifyOnce(db: Db, keys: ReadonlyMap<string, KeyObject>): Promise<AuditVerification> {
  // Read before the checkpoints: what is appended meanwhile may have one that is not among them.
  const newest = await newestEntry(db);
  const checkpoints = await db.selectFrom('audit_checkpoint').selectAll().orderBy('sequence').execute();
  const forged = firstForged(checkpoints, keys);
  if (forged !== undefined) return forged;
  const walk = new Walk(checkpoints, newest?.sequence ?? 0);
  let page = await entriesFrom(db, walk.next);
  while (page.length > 0) {
    for (const row of page) {
      const problem = walk.problemAt(row);
      if (problem !== undefined) return { ok: false, atSequence: row.sequence, problem };
    }
    await setImmediate();
    page = await entriesFrom(db, walk.next);
  }
  return walk.end();
}

async function entriesFrom(db: Db, sequence: number): Promise<readonly Row[]> {
  return await db
    .selectFrom('audit')
    .selectAll()
    .where('sequence', '>=', sequence)
    .orderBy('sequence')
    .limit(pageSize)
    .execute();
}

function firstForged(
  checkpoints: readonly Checkpoint[],
  keys: ReadonlyMap<string, KeyObject>,
): Failure | undefined {
  for (const row of checkpoints) {
    const problem = signatureProblem(row, keys);
    if (problem !== undefined) return { ok: false, atSequence: row.sequence, problem };
  }
  return undefined;
}

class Walk {
  /** Sequence that the next entry must have. */
  next: number;
  readonly #first: number;
  #entries = 0;
  #previousHash: string | undefined;
  readonly #signedHashes: ReadonlyMap<number, string>;
  readonly #lastSigned: number;

  constructor(
    private readonly checkpoints: readonly Checkpoint[],
    private readonly newest: number,
  ) {
    const start = checkpoints.findLast((row) => row.kind === 'pruned-to');
    this.#first = start?.sequence ?? 1;
    this.next = this.#first;
    this.#previousHash = start === undefined ? genesisHash : undefined;
    this.#signedHashes = new Map(checkpoints.map((row) => [row.sequence, row.hash]));
    this.#lastSigned = checkpoints.at(-1)?.sequence ?? 0;
  }

  problemAt(row: Row): string | undefined {
    const problem = this.#linkProblem(row) ?? contentProblem(row) ?? this.#checkpointProblem(row);
    this.next = row.sequence + 1;
    this.#entries += 1;
    this.#previousHash = row.hash;
    return problem;
  }

  #linkProblem(row: Row): string | undefined {
    if (row.sequence !== this.next) return `entries ${this.next} to ${row.sequence - 1} are missing`;
    // The first entry after a pruning has nobody to point at; its own hash is what was signed.
    if (this.#previousHash !== undefined && row.previous_hash !== this.#previousHash) {
      return 'the entry does not follow the one before it';
    }
    return undefined;
  }

  #checkpointProblem(row: Row): string | undefined {
    const signed = this.#signedHashes.get(row.sequence);
    if (signed !== undefined && signed !== row.hash) return 'the entry is not the one that was signed';
    const expected = row.sequence % checkpointEvery === 0 && row.sequence <= this.newest;
    return expected && signed === undefined ? 'the checkpoint is missing' : undefined;
  }

  end(): AuditVerification {
    if (this.next <= this.#lastSigned) {
      return {
        ok: false,
        atSequence: this.next,
        problem: `entries ${this.next} to ${this.#lastSigned} were signed and are missing`,
      };
    }
    const counted = this.checkpoints.filter(
      (row) => row.kind === 'checkpoint' && row.sequence >= this.#first,
    );
    return { ok: true, entries: this.#entries, checkpoints: counted.length };
  }
}

function contentProblem(row: Row): string | undefined {
  try {
    const entry = toEntry(row);
    const unaltered = entryHash(entry) === row.hash && canonicalJson(entry.detail) === row.detail;
    return unaltered ? undefined : 'the entry was altered';
  } catch {
    return 'the entry was altered: its detail is not JSON';
  }
}
