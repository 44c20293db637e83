/** One link of the audit chain; `hash = SHA-256(previousHash ‖ canonical JSON of the rest)`. */
export interface AuditEntry {
  /** 1, 2, 3 … without gaps. */
  readonly sequence: number;
  readonly atMs: number;
  readonly project: string;
  /** Pseudonym; the name behind it lives in a table of its own and can be deleted. */
  readonly actor: string;
  /** How the actor proved it: token, system, … */
  readonly authentication: string;
  /** Dotted verb, e.g. `deployment.start`, `rollback.request`, `verdict.change`. */
  readonly action: string;
  readonly deploymentId?: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}

/** What a caller gives; sequence and hashes are the store's business. */
export type NewAuditEntry = Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>;
