import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** How the last request to a source ended; `code` is `ok`, what a SourceError says, or `error`. */
export interface SourceState {
  readonly code: string;
  readonly detail?: string;
  readonly atMs: number;
}

export interface SourceMetrics {
  /** A source is configured: its series begin at zero. */
  known(source: string): void;
  requested(source: string, state: SourceState, durationMs: number): void;
  /** By name of the source, those that were asked at least once. */
  lastStates(): ReadonlyMap<string, SourceState>;
}

/** The source answered: what was asked of it is wrong, and no operator of the source can help. */
const ANSWERED: readonly string[] = ['ok', 'bad-query', 'too-many-series'];

/** The source did not answer; an alert waits for their first increase. */
const UNANSWERED = ['unavailable', 'refused', 'partial', 'error'] as const;

/** Whether a source does its work. */
export function isAnswer({ code }: SourceState): boolean {
  return ANSWERED.includes(code);
}

export function createSourceMetrics(registry: Registry): SourceMetrics {
  const registers = [registry];
  const states = new Map<string, SourceState>();
  const requests = new Counter({
    name: 'bellwether_source_requests_total',
    help: 'Requests to metric sources, by source and how they ended.',
    labelNames: ['source', 'code'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'bellwether_source_request_duration_seconds',
    help: 'How long metric sources took to answer, retries included.',
    labelNames: ['source'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const up = new Gauge({
    name: 'bellwether_source_up',
    help: '1 while the last request to a source was answered, 0 after one that was not.',
    labelNames: ['source'] as const,
    registers,
  });
  return {
    known(source) {
      for (const code of ['ok', ...UNANSWERED]) requests.inc({ source, code }, 0);
      duration.zero({ source });
      up.set({ source }, 1);
    },
    requested(source, state, durationMs) {
      states.set(source, state);
      requests.inc({ source, code: state.code });
      duration.observe({ source }, durationMs / 1000);
      up.set({ source }, isAnswer(state) ? 1 : 0);
    },
    lastStates: () => states,
  };
}
