import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceProcess, startService } from './service-process.js';

const STEP_MS = 30_000;
const MINUTE_MS = 60_000;
const HISTORY_MS = 3 * 60 * MINUTE_MS;

/** One version's errors and requests, one value a step. */
interface Arm {
  readonly service: string;
  readonly version: string;
  readonly fromMs: number;
  readonly ratioAt: (ms: number) => number;
}

/** A series as a metric server would give it to a dashboard. */
export interface SceneSeries {
  readonly name: string;
  readonly unit: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** A shop whose checkout was released twice: harmlessly, and with errors; its past is pushed as it would have been scraped. */
export interface ShopScene {
  readonly service: ServiceProcess;
  readonly ids: { readonly harmless: string; readonly harmful: string; readonly hostile: string };
  /** When the harmful release took effect. */
  readonly harmfulMs: number;
  readonly rollbackOrders: readonly unknown[];
  readonly series: (fromMs: number, toMs: number) => readonly SceneSeries[];
  stop(): Promise<void>;
}

/** Names that must never become markup. */
export const HOSTILE_VERSION = '<img src=x onerror="window.__owned=1">"\'&';

/** Starts the service, brings the past, and waits until the releases are judged. */
export async function startShopScene(): Promise<ShopScene> {
  const executor = await startExecutor();
  const service = await startService({
    egress: { allow: [executor.host] },
    executors: [
      { kind: 'http', name: 'shop', url: `${executor.url}/rollback`, secret: { file: '{{secret}}' } },
    ],
    policies: { default: policy() },
  });
  const nowMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const beganMs = nowMs - HISTORY_MS;
  const [harmlessMs, harmfulMs] = [nowMs - 90 * MINUTE_MS, nowMs - 40 * MINUTE_MS];
  const arms: readonly Arm[] = [
    { service: 'checkout', version: '2.13.2', fromMs: beganMs, ratioAt: () => 0.004 },
    { service: 'checkout', version: '2.14.0', fromMs: harmlessMs, ratioAt: () => 0.004 },
    {
      service: 'checkout',
      version: '2.15.0',
      fromMs: harmfulMs,
      ratioAt: (ms) => (ms > harmfulMs + 2 * MINUTE_MS ? 0.06 : 0.004),
    },
  ];
  const recorded = arms.map((arm) => record(arm, nowMs));
  for (const { arm, times, requests, errors } of recorded) await push(service, arm, times, requests, errors);
  const start = async (body: Readonly<Record<string, unknown>>): Promise<string> => {
    const answer = (await service.request('POST', '/api/v1/deployments', {
      environment: 'production',
      ...body,
    })) as { id: string };
    return answer.id;
  };
  const harmless = await start(release('2.14.0', '2.13.2', harmlessMs));
  await verdictOf(service, harmless);
  const harmful = await start({
    ...release('2.15.0', '2.13.2', harmfulMs),
    migration: { reversible: false, description: 'drops the column "coupon"' },
    change: { kind: 'code', commit: '9f2c1ab', ticket: 'SHOP-17', summary: 'new coupon rules' },
  });
  await verdictOf(service, harmful);
  await start({
    service: 'cart',
    version: '7.1.0',
    startedAt: new Date(nowMs - 15 * MINUTE_MS).toISOString(),
    dependsOn: [{ service: 'checkout' }],
  });
  const hostile = await start({
    service: 'evil',
    version: HOSTILE_VERSION,
    startedAt: new Date(nowMs - 20 * MINUTE_MS).toISOString(),
    labels: { team: HOSTILE_VERSION },
  });
  for (let index = 0; index < 200; index++)
    await start({
      service: `many`,
      version: `1.0.${index}`,
      startedAt: new Date(nowMs - (200 - index) * 0.55 * MINUTE_MS).toISOString(),
    });
  return {
    service,
    ids: { harmless, harmful, hostile },
    harmfulMs,
    rollbackOrders: executor.orders,
    series: (fromMs, toMs) =>
      recorded.map(({ arm, times, ratios }) => {
        const rows = times.map((time, index) => [time, ratios[index] ?? 0] as const);
        const kept = rows.filter(([time]) => time >= fromMs && time <= toMs);
        return {
          name: `error ratio ${arm.version}`,
          unit: 'percentunit',
          labels: { version: arm.version },
          times: kept.map(([time]) => time),
          values: kept.map(([, value]) => value),
        };
      }),
    async stop() {
      await service.stop();
      await executor.stop();
    },
  };
}

function policy() {
  const labels = { service: '{{service}}' };
  return {
    mode: 'recommend',
    executor: 'shop',
    reasonRequired: true,
    interval: '30s',
    watch: '10m',
    settle: '1s',
    history: '1h',
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
  };
}

function release(version: string, previousVersion: string, startedAtMs: number) {
  return {
    service: 'checkout',
    version,
    previousVersion,
    strategy: 'canary',
    plannedSteps: [{ name: 'canary', trafficShare: 0.3 }],
    startedAt: new Date(startedAtMs).toISOString(),
  };
}

/** Counters that rise as told, with a wobble that is the same on every run. */
function record(arm: Arm, toMs: number) {
  const times: number[] = [];
  const requests: number[] = [];
  const errors: number[] = [];
  const ratios: number[] = [];
  let [allRequests, allErrors, seed] = [0, 0, arm.version.length * 7 + arm.fromMs / STEP_MS];
  for (let ms = arm.fromMs; ms <= toMs; ms += STEP_MS) {
    seed = (seed * 48_271) % 2_147_483_647;
    const wobble = 0.6 + (0.8 * seed) / 2_147_483_647;
    const newRequests = 4_000;
    const newErrors = Math.round(newRequests * arm.ratioAt(ms) * wobble);
    allRequests += newRequests;
    allErrors += newErrors;
    times.push(ms);
    requests.push(allRequests);
    errors.push(allErrors);
    ratios.push(newErrors / newRequests);
  }
  return { arm, times, requests, errors, ratios };
}

async function push(
  service: ServiceProcess,
  { service: name, version }: Arm,
  times: readonly number[],
  requests: readonly number[],
  errors: readonly number[],
): Promise<void> {
  const labels = { service: name, environment: 'production', version };
  const samples = (values: readonly number[]) => times.map((time, index) => [time, values[index] ?? 0]);
  await service.request('POST', '/api/v1/samples', {
    series: [
      { metric: 'requests_total', labels, type: 'counter', samples: samples(requests) },
      { metric: 'errors_total', labels, type: 'counter', samples: samples(errors) },
    ],
  });
}

/** Waits until the watch came to its end. */
export async function verdictOf(service: ServiceProcess, id: string): Promise<string> {
  const giveUpAtMs = Date.now() + 60_000;
  for (;;) {
    const { final, verdict } = (await service.request(
      'GET',
      `/api/v1/deployments/${id}/verdict?wait=5s`,
    )) as {
      final: boolean;
      verdict: string;
    };
    if (final) return verdict;
    if (Date.now() > giveUpAtMs) throw new Error(`deployment ${id} is still ${verdict}`);
    await sleep(100);
  }
}

/** What carries rollbacks out, and remembers what it was told. */
async function startExecutor() {
  const orders: unknown[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      orders.push(JSON.parse(text));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    orders,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
