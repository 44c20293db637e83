import type { Store } from './port.js';

/** One store of the kind under test, fresh and empty. */
export interface ContractSubject {
  readonly store: Store;
  /** Closes it and opens the same data again. */
  reopen(): Promise<Store>;
  /** Deletes everything. */
  dispose(): Promise<void>;
}

/** The store of the running test. */
export type CurrentStore = () => Store;
/** Closes the store of the running test and goes on with the same data. */
export type Reopen = () => Promise<void>;
