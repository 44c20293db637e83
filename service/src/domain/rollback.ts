/** The legal moves are in `rollback-machine.ts`. */
export type RollbackState = 'requested' | 'executing' | 'executed' | 'failed' | 'refused';

/** One rollback of one deployment; at most one is alive at a time. */
export interface Rollback {
  readonly id: string;
  readonly deploymentId: string;
  readonly state: RollbackState;
  readonly automatic: boolean;
  readonly reason: string;
  /** Pseudonym of who asked. */
  readonly actor: string;
  readonly executor: string;
  /** Deployment that records the rollback itself, once it was carried out. */
  readonly rollbackDeploymentId?: string;
  readonly attempts: number;
  readonly detail?: string;
  readonly requestedAtMs: number;
  readonly finishedAtMs?: number;
  readonly revision: number;
}

/** Switches that people set while it runs. */
export interface Controls {
  readonly killSwitch: boolean;
  readonly killSwitchReason?: string;
  readonly freezeUntilMs?: number;
}
