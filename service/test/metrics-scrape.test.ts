import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { parse } from 'yaml';
import { eventually } from './eventually.js';
import { needsServer } from './needs-server.js';
import { startPrometheus, type MetricServer } from './metric-servers.js';
import { startReceiver } from './receiver.js';
import { startService, type RunningService } from './running-service.js';
import { createTraffic, errorPolicy } from './traffic.js';

const dashboards = new URL('../dashboards/', import.meta.url);
const SECRET_NAME = 'BELLWETHER_TEST_HOOK';
/** Names in an expression that may be metrics; functions and label names are told apart by what follows. */
const METRIC_NAME = /\b(?:bellwether|nodejs|process)_[a-z0-9_]+|\bup\b/g;

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

/** Every expression of the dashboard and of the alerts, with what asks for it. */
function expressions(): readonly (readonly [from: string, promql: string])[] {
  const dashboard = JSON.parse(readFileSync(new URL('bellwether.json', dashboards), 'utf8')) as Dashboard;
  const rules = parse(readFileSync(new URL('alerts.yml', dashboards), 'utf8')) as Rules;
  const panels = dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr] as const),
  );
  const variables = dashboard.templating.list.flatMap(({ definition }) => {
    const inside = /^label_values\((.*), \w+\)$/.exec(definition ?? '')?.[1];
    return inside === undefined ? [] : [['a variable', inside] as const];
  });
  const alerts = rules.groups.flatMap((group) =>
    group.rules.map(({ alert, expr }) => [alert, expr] as const),
  );
  return [...panels, ...variables, ...alerts];
}

/** As Grafana fills it in. */
function filled(promql: string): string {
  return promql
    .replaceAll('$__rate_interval', '30s')
    .replaceAll('$__range', '30s')
    .replaceAll('$job', 'bellwether')
    .replaceAll('$instance', '.*');
}

needsServer('prometheus', 'a real Prometheus knows every metric that dashboard and alerts ask for', () => {
  let service: RunningService | undefined;
  let prometheus: MetricServer | undefined;
  let receiver: Awaited<ReturnType<typeof startReceiver>> | undefined;
  let traffic: ReturnType<typeof createTraffic> | undefined;
  afterAll(async () => {
    traffic?.stop();
    await prometheus?.stop();
    await service?.stop();
    await receiver?.stop();
  });

  return async () => {
    receiver = await startReceiver(() => 200);
    const running = await startService({
      config: {
        openMetrics: true,
        policyFolder: mkdtempSync(join(tmpdir(), 'bellwether-policies-')),
        log: { level: 'debug' },
        egress: { allow: [receiver.host] },
        webhooks: [{ name: 'pipeline', url: `${receiver.url}/hook`, secret: { env: SECRET_NAME } }],
        executors: [
          { kind: 'http', name: 'shop', url: `${receiver.url}/rollback`, secret: { env: SECRET_NAME } },
        ],
        policies: { cart: errorPolicy({ mode: 'act', alpha: 0.01, executor: 'shop' }) },
      },
      environment: { [SECRET_NAME]: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
    });
    service = running;
    const target = new URL(running.url).host;
    const scraping = await startPrometheus(
      JSON.stringify([
        { job_name: 'bellwether', scrape_interval: '1s', static_configs: [{ targets: [target] }] },
      ]),
    );
    prometheus = scraping;
    await eventually('a scrape', async () =>
      (await scraping.value('up{job="bellwether"}')) === 1 ? true : undefined,
    );
    expect(await scraping.value('bellwether_watches_active')).toBe(0);

    traffic = createTraffic(
      () => running,
      [
        { version: 'v1', requestsPerInterval: 240, errorRatio: 0.002 },
        { version: 'v2', requestsPerInterval: 120, errorRatio: 0.3 },
      ],
      200,
    );
    traffic.start();
    await eventually('a little past', async () =>
      ((await scraping.value('bellwether_samples_stored_total')) ?? 0) > 60 ? true : undefined,
    );
    const started = await running.request('POST', '/api/v1/deployments', {
      ...{ service: 'cart', environment: 'prod', version: 'v2', previousVersion: 'v1' },
      ...{ strategy: 'canary', change: { kind: 'code' } },
    });
    const id = String(started.body['id']);
    await eventually('a rollback', async () => {
      const { body } = await running.request('GET', `/api/v1/deployments/${id}`);
      return body['state'] === 'rolled-back' ? true : undefined;
    });
    await eventually('a scrape of it', async () =>
      (await scraping.value('bellwether_rollbacks_total{outcome="executed"}')) === 1 ? true : undefined,
    );
    expect(await scraping.value('sum(bellwether_verdicts_total{verdict="rollback"})')).toBe(1);
    expect(await scraping.value('sum(bellwether_final_p_value_count)')).toBe(1);
    expect(await scraping.value('bellwether_source_requests_total{source="push",code="ok"}')).toBeGreaterThan(
      1,
    );
    expect(await scraping.value('bellwether_calibrations_total{outcome="done"}')).toBeGreaterThan(0);

    // What has a series for each service has none before its first check, and is declared all the same.
    const declared = Object.keys((await scraping.ask('metadata', {})) as object);
    const stored = (await scraping.ask('label/__name__/values', {})) as string[];
    const names = new Set([...stored, ...declared]);
    const asked = expressions();
    expect(asked.length).toBeGreaterThan(50);
    for (const [from, promql] of asked) {
      const query = filled(promql);
      expect([from, query.includes('$')]).toEqual([from, false]);
      const used = query.match(METRIC_NAME) ?? [];
      expect([from, used.length > 0]).toEqual([from, true]);
      expect([from, used.filter((name) => !names.has(name))]).toEqual([from, []]);
      await scraping.ask('query', { query });
    }
  };
});
