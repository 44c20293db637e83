import { afterAll, expect } from 'vitest';
import { eventually } from './eventually.js';
import { startPrometheus } from './metric-servers.js';
import { needsServer } from './needs-server.js';
import { recordRed, type RedVersion } from './recorded-red.js';
import { startService } from './running-service.js';

const MINUTE_MS = 60_000;
const SCRAPES_A_MINUTE = 4;
const BEFORE = 120 * SCRAPES_A_MINUTE;
const END = BEFORE + 24 * SCRAPES_A_MINUTE;

/** Version 1.0 alone, then 1.1 beside it with a fifth of the requests. */
function canary(errorRatio: number): readonly RedVersion[] {
  return [
    {
      version: '1.0',
      from: 0,
      until: END,
      shareAt: (scrape) => (scrape <= BEFORE ? 1 : 0.8),
      errorRatio: 0.005,
    },
    { version: '1.1', from: BEFORE, until: END, shareAt: () => 0.2, errorRatio },
  ];
}

/** What the template "http-red" alone says of a canary whose requests fail so often. */
async function verdictOf(errorRatio: number, open: (stop: () => unknown) => void) {
  const server = await startPrometheus();
  open(() => server.stop());
  const changeAtMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 25 * MINUTE_MS;
  await server.write(recordRed(changeAtMs - (BEFORE / SCRAPES_A_MINUTE) * MINUTE_MS, canary(errorRatio)));
  const service = await startService({
    config: {
      egress: { allow: [server.host] },
      sources: [{ kind: 'prometheus', name: 'prom', url: server.url }],
      policies: {
        cart: {
          interval: '1m',
          watch: '20m',
          settle: '1s',
          history: '2h',
          use: [{ template: 'http-red', with: { source: 'prom' } }],
        },
      },
    },
  });
  open(() => service.stop());
  const { body } = await service.request('POST', '/api/v1/deployments', {
    service: 'cart',
    environment: 'prod',
    version: '1.1',
    previousVersion: '1.0',
    strategy: 'canary',
    startedAt: new Date(changeAtMs).toISOString(),
    plannedSteps: [{ name: '20 %', trafficShare: 0.2 }],
  });
  return eventually(
    'a verdict',
    async () => {
      const { body: verdict } = await service.request(
        'GET',
        `/api/v1/deployments/${String(body['id'])}/verdict`,
      );
      return verdict['verdict'] === 'pending' ? undefined : verdict;
    },
    40_000,
  );
}

for (const [release, errorRatio, expected, errors] of [
  ['with 5 % of server errors', 0.05, 'rollback', 'harmed'],
  ['that changes nothing', 0.005, 'continue', 'quiet'],
] as const)
  needsServer('prometheus', `a canary ${release} is judged by a template: ${expected}`, () => {
    const opened: (() => unknown)[] = [];
    afterAll(async () => {
      for (const stop of opened.toReversed()) await stop();
    });
    return async () => {
      const verdict = await verdictOf(errorRatio, (stop) => opened.push(stop));
      expect(verdict).toMatchObject({
        verdict: expected,
        metrics: expect.arrayContaining([
          expect.objectContaining({ name: 'http errors', status: errors }),
        ]) as unknown,
      });
    };
  });
