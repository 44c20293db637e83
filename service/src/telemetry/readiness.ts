import { setTimeout as sleep } from 'node:timers/promises';
import { shared } from './shared-read.js';
import { isAnswer, type SourceState } from './source-metrics.js';

export type ComponentStatus = 'ok' | 'degraded' | 'failing';

export interface Component {
  readonly status: ComponentStatus;
  /** For people who hold a token. */
  readonly detail: string;
}

/** `unready` when a component fails without which nothing can be judged; `degraded` when some judgements suffer. */
export interface Readiness {
  readonly status: 'ok' | 'degraded' | 'unready' | 'starting' | 'stopping';
  readonly components: Readonly<Record<string, Component>>;
}

export interface ReadinessFacts {
  readonly clock: () => number;
  /** Whether it was started and not yet told to stop. */
  readonly phase: () => 'starting' | 'running' | 'stopping';
  /** A read of the store that costs next to nothing: anybody may ask. */
  readonly store: () => Promise<unknown>;
  readonly engine: () => { readonly threads: number; readonly up: number; readonly queued: number };
  readonly scheduler: () => {
    readonly active: number;
    readonly overdue: number;
    readonly refreshedAtMs?: number;
  };
  readonly sources: () => ReadonlyMap<string, SourceState>;
  /** State of the policy folder; undefined where none is configured. */
  readonly policies?: () => Component | undefined;
  /** How long the store may take to answer. */
  readonly storeLimitMs?: number;
}

const STORE_LIMIT_MS = 2_000;
/** The scheduler reads its watches every five seconds; after this long without success it is stuck. */
const STUCK_AFTER_MS = 60_000;

/** Looks at every component, each within a bounded time. It never throws. */
export function createReadiness(given: ReadinessFacts): () => Promise<Readiness> {
  const facts = { ...given, store: shared(given.store) };
  return async () => {
    const phase = facts.phase();
    if (phase !== 'running') return { status: phase, components: {} };
    const policies = facts.policies?.();
    const required = {
      store: await storeComponent(facts),
      engine: engineComponent(facts.engine()),
      scheduler: schedulerComponent(facts.scheduler(), facts.clock()),
    };
    const others: Record<string, Component> = {
      ...(policies === undefined ? {} : { policies }),
      ...Object.fromEntries(
        [...facts.sources()].map(([name, state]) => [`source:${name}`, sourceComponent(state)]),
      ),
    };
    const components = { ...required, ...others };
    return { status: overall(Object.values(required), Object.values(others)), components };
  };
}

function overall(required: readonly Component[], others: readonly Component[]): Readiness['status'] {
  if (required.some(({ status }) => status === 'failing')) return 'unready';
  return [...required, ...others].some(({ status }) => status !== 'ok') ? 'degraded' : 'ok';
}

async function storeComponent({ store, storeLimitMs = STORE_LIMIT_MS }: ReadinessFacts): Promise<Component> {
  const limit = new AbortController();
  const late = sleep(storeLimitMs, true, { signal: limit.signal, ref: false }).catch(() => true);
  try {
    const isLate = await Promise.race([store().then(() => false), late]);
    return isLate
      ? { status: 'failing', detail: `it gave no answer within ${storeLimitMs} ms` }
      : { status: 'ok', detail: 'it answers' };
  } catch (error) {
    return { status: 'failing', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    limit.abort();
  }
}

function engineComponent(engine: ReturnType<ReadinessFacts['engine']>): Component {
  const { threads, up, queued } = engine;
  const status = up === 0 ? 'failing' : up < threads ? 'degraded' : 'ok';
  return { status, detail: `${up} of ${threads} threads run; ${queued} questions in work or waiting` };
}

function schedulerComponent(
  { active, overdue, refreshedAtMs }: ReturnType<ReadinessFacts['scheduler']>,
  nowMs: number,
): Component {
  if (refreshedAtMs === undefined)
    return { status: 'failing', detail: 'the running watches have not been read yet' };
  const silentMs = nowMs - refreshedAtMs;
  if (silentMs > STUCK_AFTER_MS)
    return {
      status: 'failing',
      detail: `the running watches were last read ${Math.round(silentMs / 1000)} s ago`,
    };
  return {
    status: overdue > 0 ? 'degraded' : 'ok',
    detail: `${active} watches in progress, ${overdue} of them late by more than an interval`,
  };
}

function sourceComponent(state: SourceState): Component {
  const at = new Date(state.atMs).toISOString();
  if (isAnswer(state)) return { status: 'ok', detail: `it last answered at ${at}` };
  return { status: 'degraded', detail: `its last request failed at ${at}: ${state.detail ?? state.code}` };
}
