import { StoreError } from '../port.js';

/** Runs a write; a `conflict` that the database reports gets the words that a person understands. */
export async function orConflict(message: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
    throw new StoreError('conflict', `${message} (${error.message})`, false, { cause: error });
  }
}

/** @throws StoreError `conflict` unless the write changed exactly one row */
export function expectOne(changed: bigint, message: string): void {
  if (changed !== 1n) throw new StoreError('conflict', message, false);
}

/** @param next revision that the write brings `what` to. @throws StoreError `conflict` unless it stood at the one before */
export function expectRevision(changed: bigint, what: string, next: number): void {
  expectOne(
    changed,
    `${what} is not at revision ${next - 1} any more: read it again, then repeat the change`,
  );
}
