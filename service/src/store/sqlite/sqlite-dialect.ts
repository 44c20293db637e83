import type Database from 'better-sqlite3';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { storeErrorOf } from './sqlite-error.js';

/** Distinct statement texts are few; lists of varying length in `IN (…)` are what the limit is for. */
const maxStatements = 500;

/**
 * Kysely over one better-sqlite3 connection. Unlike the dialect that kysely brings it starts transactions with
 * `BEGIN IMMEDIATE`, keeps prepared statements, reports StoreErrors, and survives the rollback that SQLite itself
 * does when the disk is full (a second one would hide the cause).
 */
export function sqliteDialect(db: Database.Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(db),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;
  #last: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(private readonly db: Database.Database) {
    this.#connection = new SqliteConnection(db);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  /** First come, first served. */
  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#last;
    let release: () => void = () => undefined;
    this.#last = new Promise((resolve) => (release = resolve));
    await before;
    this.#release = release;
    return this.#connection;
  }

  releaseConnection(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  beginTransaction(): Promise<void> {
    return this.#run('BEGIN IMMEDIATE');
  }

  commitTransaction(): Promise<void> {
    return this.#run('COMMIT');
  }

  rollbackTransaction(): Promise<void> {
    return this.db.inTransaction ? this.#run('ROLLBACK') : Promise.resolve();
  }

  /** Whoever opened the connection closes it: kysely would not, where it never ran a query. */
  destroy(): Promise<void> {
    return Promise.resolve();
  }

  async #run(sql: string): Promise<void> {
    await this.#connection.executeQuery({ sql, parameters: [] });
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #statements = new Map<string, Database.Statement>();

  constructor(private readonly db: Database.Database) {}

  async executeQuery<R>(query: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<R>> {
    try {
      return await Promise.resolve(this.#execute<R>(query.sql, query.parameters));
    } catch (error) {
      throw storeErrorOf(error);
    }
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('results are read whole here: page through them instead');
  }

  #execute<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const statement = this.#statement(sql);
    if (statement.reader) return { rows: statement.all(...parameters) as R[] };
    const { changes } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  #statement(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    const statement = this.db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
