import { afterEach, beforeEach, describe } from 'vitest';
import { auditContract } from './contract-audit.test-suite.js';
import { collaborationContract } from './contract-collaboration.test-suite.js';
import { deploymentContract } from './contract-deployments.test-suite.js';
import { recordContract } from './contract-records.test-suite.js';
import { sampleContract } from './contract-samples.test-suite.js';
import { transactionContract } from './contract-transactions.test-suite.js';
import { retentionContract } from './contract-retention.test-suite.js';
import { tuningContract } from './contract-tuning.test-suite.js';
import type { ContractSubject, CurrentStore, Reopen } from './contract-subject.js';
import type { Store } from './port.js';

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
    collaborationContract(current, reopen);
    tuningContract(current, reopen);
    transactionContract(current, reopen);
    sampleContract(current, reopen);
    auditContract(current, reopen);
    retentionContract(current, reopen);
  });
}
