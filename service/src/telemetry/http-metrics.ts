import { Counter, Histogram, type Registry } from 'prom-client';

/** One answered request; the route is a template, never a path that a client made up. */
export interface AnsweredRequest {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface HttpMetrics {
  answered(request: AnsweredRequest): void;
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'bellwether_http_requests_total',
    help: 'HTTP requests answered, by route template, method and status.',
    labelNames: ['route', 'method', 'status'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'bellwether_http_request_duration_seconds',
    help: 'From a request to the end of its answer; waits for verdicts and event streams take as long as they were asked to.',
    labelNames: ['route', 'method'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers,
  });
  return {
    answered(request) {
      const { route, status, durationMs } = request;
      // Clients may name any method: each name would be a series of its own.
      const method = METHODS.includes(request.method) ? request.method : 'other';
      requests.inc({ route, method, status: String(status) });
      duration.observe({ route, method }, durationMs / 1000);
    },
  };
}
