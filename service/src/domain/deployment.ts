import type { DiscoveryOutcome } from './discovery.js';
import type { Policy } from './policy.js';

export type Strategy = 'rolling' | 'canary' | 'blue-green' | 'all-at-once';
export type ChangeKind = 'code' | 'config' | 'infra' | 'database' | 'flag';

/** Life of a deployment; the legal moves are in `deployment-machine.ts`. */
export type DeploymentState =
  'running' | 'finished' | 'cancelled' | 'superseded' | 'rolling-back' | 'rolled-back' | 'rollback-failed';

/** Where a thing belongs: every row carries it and every token is scoped by it. */
export interface Place {
  readonly project: string;
  readonly service: string;
  readonly environment: string;
}

export interface Change {
  readonly kind: ChangeKind;
  readonly commit?: string;
  readonly committedAtMs?: number;
  readonly ticket?: string;
  readonly summary?: string;
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

/** A declared step of a deployment; `trafficShare` in (0, 1]. */
export interface PlannedStep {
  readonly name: string;
  readonly trafficShare?: number;
}

export interface Deployment extends Place {
  readonly id: string;
  readonly version: string;
  readonly previousVersion?: string;
  readonly strategy: Strategy;
  readonly change: Change;
  readonly migration?: { readonly reversible: boolean; readonly description?: string };
  readonly dependsOn: readonly { readonly service: string; readonly environment?: string }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  /** At least one; α is divided over them by the policy's spending rule. */
  readonly plannedSteps: readonly PlannedStep[];
  /** Set when this deployment is itself a rollback; such a one is watched and never rolled back automatically. */
  readonly rollbackOf?: string;
  /** The policy as it was when the deployment started. */
  readonly policy: Policy;
  /** What discovery added to the policy; absent where the policy asks for none. */
  readonly discovery?: DiscoveryOutcome;
  readonly state: DeploymentState;
  /** When the change took effect (event time). */
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  readonly createdAtMs: number;
  /** Pseudonym of who started it (see the audit log). */
  readonly actor: string;
  /** Rises by one with every write; the ETag of the resource. */
  readonly revision: number;
}

export interface Step {
  readonly deploymentId: string;
  readonly index: number;
  readonly name: string;
  readonly trafficShare?: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
}
