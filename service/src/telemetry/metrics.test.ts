import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aVerdict } from '../store/contract-fixtures.js';
import { VERSION } from './build.js';
import { createTelemetry } from './metrics.js';
import { scraped } from './test-scrape.js';

function telemetry() {
  const made = createTelemetry();
  made.stop();
  return made;
}
const verdict = aVerdict('d-1', 1);

it('names the release that its package names', async () => {
  const file = new URL('../../package.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: VERSION });
  const text = await telemetry().registry.metrics();
  expect(text).toContain(`bellwether_build_info{version="${VERSION}",`);
});

it('keeps two instances apart', async () => {
  const [one, other] = [telemetry(), telemetry()];
  one.watches.looked(3, 4);
  expect(await scraped(one.registry, 'bellwether_looks_total')).toBe(1);
  expect(await scraped(other.registry, 'bellwether_looks_total')).toBe(0);
});

it('begins with zeros where an alert waits for the first increase', async () => {
  const { registry, delivery } = telemetry();
  delivery.endpointKnown('pipeline');
  delivery.executorKnown('shop');
  for (const series of [
    'bellwether_look_failures_total',
    'bellwether_calibrations_total{outcome="failed"}',
    'bellwether_rollbacks_total{outcome="failed"}',
    'bellwether_deliveries_total{endpoint="pipeline",outcome="dead"}',
    'bellwether_rollback_attempts_total{executor="shop",outcome="failed"}',
    'bellwether_store_failures_total{code="disk-full"}',
    'bellwether_samples_refused_total{reason="too-many"}',
  ])
    expect([series, await scraped(registry, series)]).toEqual([series, 0]);
});

describe('verdicts', () => {
  it('are counted by value, guarantee and rule; final ones show p and harm', async () => {
    const { registry, watches } = telemetry();
    const evidence = { guarantee: 'placebo', evidenceHash: 'e' } as const;
    const said = { ...evidence, value: 'rollback', rule: 'calibrated-evidence' } as const;
    watches.judged({ ...verdict, ...said, p: 0.004, harmProbability: 0.97 });
    watches.judged({ ...verdict, ...said, value: 'pending', p: 0.5 });
    watches.judged({ ...verdict, ...said, value: 'continue', rule: 'override', p: 1 });
    const labels = 'verdict="rollback",guarantee="placebo",rule="calibrated-evidence"';
    expect(await scraped(registry, `bellwether_verdicts_total{${labels}}`)).toBe(1);
    const bucket = (le: string) => `bellwether_final_p_value_bucket{le="${le}",guarantee="placebo"}`;
    expect(await scraped(registry, bucket('0.002'))).toBe(0);
    expect(await scraped(registry, bucket('0.005'))).toBe(1);
    expect(await scraped(registry, bucket('+Inf'))).toBe(1);
    expect(await scraped(registry, 'bellwether_final_harm_probability_count')).toBe(1);
  });

  it('show p and harm once a watch, and only where a look found them', async () => {
    const { registry, watches } = telemetry();
    watches.judged({ ...verdict, value: 'rollback', rule: 'check-failed', guarantee: 'guard-rail', p: 1 });
    watches.judged({ ...verdict, value: 'inconclusive', rule: 'not-enough-data', guarantee: 'none', p: 1 });
    const count = () => scraped(registry, 'bellwether_final_harm_probability_count');
    expect(await count()).toBe(0);
    const look = { ...verdict, value: 'continue', rule: 'bounded-harm', evidenceHash: 'e' } as const;
    watches.judged(look);
    watches.judged({ ...look, value: 'pending', rule: 'held' });
    watches.judged(look);
    expect(await count()).toBe(1);
    watches.judged({ ...look, watchId: 'another' });
    expect(await count()).toBe(2);
  });
});

it('never takes a negative lag, which a clock that was set back makes', async () => {
  const { registry, watches } = telemetry();
  watches.looked(-5_000, -1);
  expect(await scraped(registry, 'bellwether_look_lag_seconds_sum')).toBe(0);
  expect(await scraped(registry, 'bellwether_look_duration_seconds_sum')).toBe(0);
});

it('lets no client make up a label', async () => {
  const { registry, http } = telemetry();
  for (const method of ['GET', 'BREW', 'X-1', 'X-2'])
    http.answered({ route: '/healthz', method, status: 200, durationMs: 1 });
  const lines = (await registry.metrics())
    .split('\n')
    .filter((line) => line.startsWith('bellwether_http_requests_total{'));
  expect(lines).toEqual([
    'bellwether_http_requests_total{route="/healthz",method="GET",status="200"} 1',
    'bellwether_http_requests_total{route="/healthz",method="other",status="200"} 3',
  ]);
});

it('notices that the event loop was held up', async () => {
  const { registry, stop } = createTelemetry();
  const longest = 'bellwether_event_loop_delay_seconds{statistic="max"}';
  await new Promise((resolve) => setTimeout(resolve, 60));
  await registry.metrics();
  const untilMs = performance.now() + 150;
  while (performance.now() < untilMs);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(await scraped(registry, longest)).toBeGreaterThan(0.1);
  stop();
});
