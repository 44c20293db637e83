import { mintToken } from '../src/cli/create-token.js';
import { startPrometheus, startVictoriaMetrics } from '../test/metric-servers.js';
import { startService } from '../test/running-service.js';
import { loads } from './ingest/loads.js';
import { measureWrites, type Measured, type Receiver } from './ingest/measure-writes.js';

/**
 * `node service/dist/bench/ingest.js`: how many samples a second are taken in, by each dialect, beside a Prometheus and a VictoriaMetrics that
 * get the same remote-write load. Here an acknowledgement means that the samples are in the write-ahead log and synced to disk; theirs do not.
 */
const SERIES = 10_000;
const AT_ONCE = 2_000;
const SCRAPES = 41;
const CONCURRENCY = 4;

const all = loads(SERIES, AT_ONCE);
const rates: Record<string, Measured> = {};

async function run(name: string, dialect: string, receiver: Receiver): Promise<void> {
  const load = all[dialect];
  if (load === undefined) throw new Error(`no dialect ${dialect}`);
  const measured = await measureWrites(receiver, load, {
    series: SERIES,
    scrapes: SCRAPES,
    concurrency: CONCURRENCY,
  });
  rates[name] = measured;
  const { samples, seconds, cpuSeconds, peakBytes } = measured;
  const thousands = (value: number): string => `${(value / 1_000).toFixed(0)} k`;
  console.log(
    `${name}: ${thousands(samples / seconds)} samples/s, ${thousands(samples / cpuSeconds)} a second of one core, ` +
      `${(peakBytes / 2 ** 20).toFixed(0)} MiB at most`,
  );
}

for (const dialect of Object.keys(all)) {
  const { token, entry } = mintToken({
    name: 'bench',
    role: 'pipeline',
    project: '*',
    service: '*',
    environment: '*',
  });
  const service = await startService({ tokens: [entry] });
  const headers = { authorization: `Bearer ${token}` };
  await run(`Bellwether, ${dialect}`, dialect, { url: service.url, pid: service.pid, headers });
  await service.stop();
}
for (const [name, start] of [
  ['Prometheus', startPrometheus],
  ['VictoriaMetrics', startVictoriaMetrics],
] as const) {
  const server = await start();
  await run(`${name}, remote-write`, 'remote-write', { url: server.url, pid: server.pid, headers: {} });
  await server.stop();
}
const perCore = (name: string): number => {
  const { samples = 0, cpuSeconds = 1 } = rates[name] ?? {};
  return samples / cpuSeconds;
};
for (const peer of ['Prometheus', 'VictoriaMetrics'])
  console.log(
    `remote-write, a second of one core: ${(perCore('Bellwether, remote-write') / perCore(`${peer}, remote-write`)).toFixed(2)} of ${peer}`,
  );
