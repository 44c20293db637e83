import type { Strategy } from './deployment.js';

/** Whose dialect a hook speaks. */
export type HookKind =
  'argo-rollouts' | 'cloudevents' | 'flagger' | 'github' | 'gitlab' | 'migrations' | 'terraform';

/** What rules can match of a Kubernetes workload. */
export const WORKLOAD_ATTRIBUTES = ['namespace', 'name', 'kind'] as const;

/** What rules can match of a message, by the dialect; the same words stand in `{{…}}` of a rule. */
export const HOOK_ATTRIBUTES = {
  'argo-rollouts': WORKLOAD_ATTRIBUTES,
  cloudevents: ['type', 'source', 'subject', 'environment'],
  flagger: ['namespace', 'name'],
  github: ['repository', 'environment', 'task', 'ref'],
  gitlab: ['repository', 'environment', 'tier', 'ref'],
  migrations: ['tool', 'database', 'schema', 'environment'],
  terraform: ['organization', 'workspace'],
} as const satisfies Readonly<Record<HookKind, readonly string[]>>;

/** Dialects whose messages are signed, or carry a word that both sides know; the others come with a token of the service. */
export const SIGNED_KINDS: readonly HookKind[] = ['github', 'gitlab', 'terraform'];

/** Where a message's deployment belongs. `{{attribute}}` stands for what the message says. */
export interface HookRule {
  /** Attribute → text, in which `*` stands for anything; all must fit. */
  readonly match: Readonly<Record<string, string>>;
  /** Messages that fit are known and left out. */
  readonly ignore: boolean;
  readonly project?: string;
  readonly service?: string;
  readonly environment?: string;
  /** Name of a policy; default: that of the service. */
  readonly policy?: string;
  /** Default: what the message says. */
  readonly strategy?: Strategy;
  /** Services that this one depends on. */
  readonly dependsOn: readonly string[];
}

/** An address that another tool sends deployments to: `/hooks/<name>`. */
export interface Hook {
  readonly name: string;
  readonly kind: HookKind;
  /** The first that fits counts. */
  readonly rules: readonly HookRule[];
  /** Of signed kinds. */
  readonly secret?: string;
}
