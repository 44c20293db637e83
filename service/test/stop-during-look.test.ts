import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { startService } from './running-service.js';
import { createTraffic, errorPolicy } from './traffic.js';

it('takes the looks that fall due while the last requests end, and makes no error of it', async () => {
  const service = await startService({
    config: { log: { level: 'debug' }, policies: { cart: errorPolicy({ settle: '1200ms' }) } },
  });
  const traffic = createTraffic(
    () => service,
    [{ version: 'v1', requestsPerInterval: 240, errorRatio: 0.01 }],
    200,
  );
  traffic.start();
  await eventually('a little past', () => (traffic.acknowledged.length > 20 ? true : undefined));
  const { hostname, port } = new URL(service.url);
  const slow = connect(Number(port), hostname);
  slow.on('error', () => undefined);
  await service.request('POST', '/api/v1/deployments', {
    ...{ service: 'cart', environment: 'prod', version: 'v2', previousVersion: 'v1' },
    ...{ strategy: 'rolling', change: { kind: 'code' } },
  });
  // A request that does not come to its end keeps the server from closing.
  slow.write('POST /api/v1/samples HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
  traffic.stop();
  const exited = service.stop();
  await eventually('the first verdict, after the stop began', () => {
    const log = service.log();
    return log.indexOf('the verdict changed') > log.indexOf('stopping:') && log.includes('stopping:')
      ? true
      : undefined;
  });
  slow.destroy();
  expect(await exited).toBe(0);
  const levels = service
    .log()
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { level: number }).level);
  expect(Math.max(...levels)).toBeLessThan(40);
});
