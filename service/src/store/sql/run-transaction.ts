import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

/** Runs one write transaction, serialised with all others: everything or nothing. */
export type RunTransaction = <T>(work: (trx: Kysely<Tables>) => Promise<T>) => Promise<T>;
