import { createRandom } from '@bellwether/models';
import type { RunningService } from './running-service.js';

interface Arm {
  readonly version: string;
  readonly requestsPerInterval: number;
  /** Share of requests that fail, 0–1. */
  errorRatio: number;
}

/** Pushes request and error counters of several versions of a service, one sample an interval, as a scraper would. */
export function createTraffic(service: () => RunningService, arms: readonly Arm[], intervalMs: number) {
  const random = createRandom(20_261_123);
  const counters = arms.map((arm) => ({ arm, requests: 0, errors: 0 }));
  let timer: NodeJS.Timeout | undefined;
  /** Every point that was acknowledged, by series. */
  const acknowledged: {
    readonly metric: string;
    readonly version: string;
    readonly tMs: number;
    readonly value: number;
  }[] = [];

  const push = async (tMs: number): Promise<void> => {
    const points = counters.flatMap((counter) => {
      const requests = random.poisson(counter.arm.requestsPerInterval);
      counter.requests += requests;
      counter.errors += random.poisson(requests * counter.arm.errorRatio);
      const { version } = counter.arm;
      return [
        { metric: 'requests_total', version, tMs, value: counter.requests },
        { metric: 'errors_total', version, tMs, value: counter.errors },
      ];
    });
    const series = points.map(({ metric, version, value }) => ({
      metric,
      labels: { service: 'cart', environment: 'prod', version },
      type: 'counter',
      samples: [[tMs, value]],
    }));
    const { status } = await service().request('POST', '/api/v1/samples', { series });
    if (status === 202) acknowledged.push(...points);
  };

  return {
    acknowledged,
    start() {
      timer = setInterval(() => {
        push(Date.now()).catch(() => undefined);
      }, intervalMs);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

/** A policy over those counters. */
export function errorPolicy(overrides: Readonly<Record<string, unknown>> = {}) {
  const labels = { service: '{{service}}' };
  return {
    interval: '200ms',
    watch: '6s',
    settle: '400ms',
    history: '20s',
    alpha: 0.05,
    metrics: [
      {
        name: 'error ratio',
        kind: 'error',
        unit: 'ratio',
        signal: {
          type: 'ratio',
          events: { metric: 'errors_total', labels },
          total: { metric: 'requests_total', labels },
        },
      },
    ],
    ...overrides,
  };
}
