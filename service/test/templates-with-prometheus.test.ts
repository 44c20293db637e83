import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect } from 'vitest';
import type { Policy, Signal } from '../src/domain/policy.js';
import type { SourceSeries } from '../src/domain/sample.js';
import { readPolicies } from '../src/policies/read-policies.js';
import { shippedTemplates } from '../src/policies/templates.js';
import { createPrometheusSource } from '../src/sources/prometheus/source.js';
import type { MetricSource } from '../src/sources/port.js';
import { eventually } from './eventually.js';
import { startPrometheus } from './metric-servers.js';
import { needsServer } from './needs-server.js';

const STEP_MS = 5_000;
const templates = shippedTemplates();

/** What the scrape configuration says of each exporter, and parameters that tell the versions of its page apart. */
const setups: Readonly<
  Record<string, { readonly job: string; readonly instance?: string; readonly arm?: string }>
> = {
  dns: { job: 'coredns' },
  'grpc-red': { job: 'cart' },
  'http-red': { job: 'cart' },
  'ingress-nginx': { job: 'ingress', arm: 'exported_service=~".*{{version}}"' },
  jvm: { job: 'cart' },
  kubernetes: { job: 'cadvisor', arm: 'pod=~".*-{{version}}-.*"' },
  'load-balancer-envoy': { job: 'envoy', arm: 'envoy_cluster_name=~".*{{version}}"' },
  nodejs: { job: 'cart' },
  postgresql: { job: 'postgres' },
  'queue-kafka': { job: 'kafka' },
  'queue-rabbitmq': { job: 'rabbitmq' },
  security: { job: 'cart', instance: 'https://cart.example.com' },
  'support-tickets': { job: 'helpdesk' },
};

/** A page of an exporter on which, scrape by scrape, what ever was counted is counted on; gauges stay. */
function pageAt(page: string, scrapes: number): string {
  const counting = new Set(
    [...page.matchAll(/^# TYPE (\S+) (?:counter|histogram|summary)$/gm)].map(([, name]) => name),
  );
  return page.replaceAll(
    /^([a-zA-Z_:][\w:]*)(\{[^\n]*\})? (\S+)$/gm,
    (line, name: string, labels = '', value: string) => {
      const family = name.replace(/_(bucket|sum|count)$/, '');
      if (!counting.has(name) && !counting.has(family)) return line;
      return `${name}${String(labels)} ${Number(value) * (1 + scrapes / 100)}`;
    },
  );
}

/** The exporters' pages at `/<template>`. */
function servePages(): Promise<Server> {
  const scrapes = new Map<string, number>();
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    scrapes.set(name, (scrapes.get(name) ?? 0) + 1);
    const page = readFileSync(new URL(`../../fixtures/wire/exporters/${name}.prom`, import.meta.url), 'utf8');
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(pageAt(page, scrapes.get(name) ?? 0));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function scrapeConfigs(target: string): string {
  const jobs = [...templates.keys()].map((name) => ({
    job_name: name,
    scrape_interval: '1s',
    scrape_timeout: '1s',
    metrics_path: `/${name}`,
    static_configs: [
      {
        targets: [target],
        labels: { job: setups[name]?.job, instance: setups[name]?.instance ?? `${name}:9090` },
      },
    ],
  }));
  return JSON.stringify(jobs);
}

function policyOf(template: string, arm: string | undefined): Policy {
  const text = JSON.stringify({
    use: [{ template, with: { source: 'prom', ...(arm === undefined ? {} : { arm }) } }],
  });
  const { policies, problems } = readPolicies(text, `${template}.json`, { templates, known: undefined });
  expect(problems).toEqual([]);
  const [loaded] = policies;
  if (loaded === undefined) throw new Error(`${template} gives no policy`);
  return loaded.policy;
}

function queriesOf(signal: Signal): readonly string[] {
  const parts = signal.type === 'ratio' ? [signal.events, signal.total] : [signal];
  return parts.map((part) => ('query' in part ? part.query : ''));
}

function prometheusAt(url: string): MetricSource {
  return createPrometheusSource(
    { name: 'prom', url, headers: {}, timeoutMs: 10_000, secrets: [] },
    {
      stop: new AbortController().signal,
      async fetch({ url: address, method, headers, body, signal }) {
        const response = await fetch(address, {
          method,
          headers: { ...headers },
          signal,
          ...(body === undefined ? {} : { body }),
        });
        return {
          status: response.status,
          header: (name) => response.headers.get(name) ?? undefined,
          body: await response.text(),
        };
      },
    },
  );
}

async function ask(
  source: MetricSource,
  query: string,
  range: { readonly fromMs: number; readonly toMs: number },
  version: string | undefined,
): Promise<readonly SourceSeries[]> {
  const place = { service: 'cart', environment: 'prod', previousVersion: 'v1' };
  const variables = { ...place, ...(version === undefined ? {} : { version }) };
  return (
    (await source.evaluate?.({
      project: 'default',
      expression: query,
      variables,
      ...range,
      stepMs: STEP_MS,
    })) ?? []
  );
}

needsServer('prometheus', 'every query of every template gives one series an arm', () => {
  const stops: (() => void)[] = [];
  afterAll(() => stops.forEach((stop) => stop()));

  return async () => {
    const pages = await servePages();
    stops.push(() => pages.close());
    const target = `127.0.0.1:${(pages.address() as AddressInfo).port}`;
    const prometheus = await startPrometheus(scrapeConfigs(target));
    stops.push(() => void prometheus.stop());
    const source = prometheusAt(prometheus.url);
    const startedMs = Math.ceil(Date.now() / STEP_MS) * STEP_MS;
    const range = { fromMs: startedMs + STEP_MS, toMs: startedMs + 3 * STEP_MS };
    await eventually(
      'two whole intervals of scrapes',
      () => (Date.now() > range.toMs + 1_000 ? true : undefined),
      30_000,
    );

    const wrong: string[] = [];
    let asked = 0;
    for (const template of templates.keys())
      for (const arm of new Set([undefined, setups[template]?.arm]))
        for (const { name, signal } of policyOf(template, arm).metrics)
          for (const query of queriesOf(signal))
            for (const version of [undefined, 'v1', 'v2']) {
              asked += 1;
              const series = await ask(source, query, range, version);
              const values = [...(series[0]?.values ?? [])];
              if (series.length !== 1 || values.length !== 2 || values.some((value) => !(value >= 0)))
                wrong.push(
                  `${template}, ${name}, version ${version ?? 'any'}: ${query} gave ${JSON.stringify(series)}`,
                );
            }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(150);
  };
});
