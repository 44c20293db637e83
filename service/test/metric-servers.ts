import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { remoteWrite, type WrittenSeries } from './remote-write.js';

/** A real server that speaks the HTTP API of Prometheus, in a process and a folder of its own. */
export interface MetricServer {
  readonly url: string;
  readonly pid: number;
  readonly host: string;
  /** What an endpoint of its HTTP API answers; rejects with its own words when it refuses. */
  ask(endpoint: string, parameters: Readonly<Record<string, string>>): Promise<unknown>;
  /** Value of the first series that an instant query gives. */
  value(promql: string): Promise<number | undefined>;
  write(series: readonly WrittenSeries[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param scrapeConfigs of `prometheus.yml`, as YAML
 * @param features of `--enable-feature`
 * @param remoteWrite of `prometheus.yml`, as YAML
 */
export async function startPrometheus(
  scrapeConfigs = '[]',
  features = '',
  remoteWrite = '[]',
): Promise<MetricServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, `scrape_configs: ${scrapeConfigs}\nremote_write: ${remoteWrite}\n`);
  const port = await freePort();
  return start(port, '/-/ready', 'prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--storage.tsdb.retention.time=100y',
    ...(features === '' ? [] : [`--enable-feature=${features}`]),
  ]);
}

export async function startVictoriaMetrics(): Promise<MetricServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-victoria-'));
  const port = await freePort();
  return start(port, '/health', 'victoria-metrics', [
    `-storageDataPath=${folder}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=100y',
    // Else it flattens what is younger than half a minute.
    '-search.latencyOffset=0s',
  ]);
}

async function start(
  port: number,
  healthPath: string,
  program: string,
  args: readonly string[],
): Promise<MetricServer> {
  const child = spawn(program, args, { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const host = `127.0.0.1:${port}`;
  const url = `http://${host}`;
  await eventually(`${program} to be ready`, async () => {
    if (child.exitCode !== null) throw new Error(`${program} did not start; are its settings right?`);
    const response = await fetch(url + healthPath).catch(() => undefined);
    return response?.ok === true ? true : undefined;
  });
  const ask: MetricServer['ask'] = async (endpoint, parameters) => {
    const response = await fetch(`${url}/api/v1/${endpoint}?${new URLSearchParams(parameters).toString()}`);
    const body = (await response.json()) as { status: string; data?: unknown; error?: string };
    if (body.status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${body.error ?? ''}`);
    return body.data;
  };
  return {
    url,
    pid: child.pid ?? 0,
    host,
    ask,
    async value(query) {
      const { result } = (await ask('query', { query })) as { result: { value: [number, string] }[] };
      const text = result[0]?.value[1];
      return text === undefined ? undefined : Number(text);
    },
    async write(series) {
      await remoteWrite(`${url}/api/v1/write`, series);
      // VictoriaMetrics shows what it took in a second later, unless it is told to.
      if (program === 'victoria-metrics') await fetch(`${url}/internal/force_flush`);
    },
    async stop() {
      child.kill('SIGTERM');
      // Its folder is removed after the tests, and it writes there until it is gone.
      await exited;
    },
  };
}
