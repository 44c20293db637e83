import { afterEach, beforeEach, describe } from 'vitest';
import { auditContract } from './contract-audit.test-suite.js';
import { deploymentContract } from './contract-deployments.test-suite.js';
import { recordContract } from './contract-records.test-suite.js';
import { sampleContract } from './contract-samples.test-suite.js';
import { transactionContract } from './contract-transactions.test-suite.js';
import { retentionContract } from './contract-retention.test-suite.js';
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

/** What every implementation of the port must do; `make` gives a fresh store for each test. */
export function storeContract(name: string, make: () => Promise<ContractSubject>): void {
  describe(`store contract: ${name}`, () => {
    let subject: ContractSubject;
    let store: Store;
    beforeEach(async () => {
      subject = await make();
      store = subject.store;
    });
    afterEach(() => subject.dispose());
    const current: CurrentStore = () => store;
    const reopen: Reopen = async () => {
      store = await subject.reopen();
    };
    deploymentContract(current, reopen);
    recordContract(current);
    transactionContract(current, reopen);
    sampleContract(current, reopen);
    auditContract(current, reopen);
    retentionContract(current, reopen);
  });
}
