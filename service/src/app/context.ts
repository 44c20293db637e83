import type { Place } from '../domain/deployment.js';
import type { Engine, LearnedModels } from '../engine/port.js';
import type { Store } from '../store/port.js';
import type { ExecutorScope } from './executor-for.js';
import type { PolicyLookup } from './policy-lookup.js';
import type { LookTroubles } from './evaluate/look-troubles.js';
import type { Sources } from './source-for.js';
import type { VerdictFeed } from './verdict-feed.js';

/** What the use cases say about themselves; the telemetry room turns it into logs and metrics. */
export interface AppLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What is told of events, as far as announcing needs it; an empty list of events means all. */
export interface AnnouncedEndpoint {
  readonly name: string;
  readonly events: readonly string[];
  /** Deployments that it hears of, `*` for all; absent: of all. */
  readonly scope?: Place;
}

/** What every use case works with. */
export interface AppContext {
  readonly store: Store;
  readonly sources: Sources;
  readonly engine: Engine;
  /** Tuned models; none are kept when absent. */
  readonly learned?: LearnedModels;
  readonly feed: VerdictFeed;
  /** Why looks that are due could not be taken. */
  readonly troubles: LookTroubles;
  readonly policies: PolicyLookup;
  /** By name, what each configured executor is good for. */
  readonly executors: ReadonlyMap<string, ExecutorScope>;
  readonly endpoints: readonly AnnouncedEndpoint[];
  /** Base of links in webhooks, without a trailing slash. */
  readonly publicUrl: string;
  readonly clock: () => number;
  readonly newId: () => string;
  readonly log: AppLog;
  readonly limits: AppLimits;
  /** Wakes whoever works on what was just written: watches, rollbacks, deliveries. */
  readonly wake: (what: 'watches' | 'rollbacks' | 'outbox') => void;
  /** Sends to a webhook endpoint again that had said "gone" (410). */
  readonly reopenEndpoint: (endpoint: string) => void;
}

export interface AppLimits {
  readonly maxSeriesPerProject: number;
}
