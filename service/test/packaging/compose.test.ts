import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeService } from '../../src/compose.js';
import { accessTokens } from '../../src/config/access-tokens.js';
import { loadConfig } from '../../src/config/load-config.js';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.js';
import { createLog } from '../../src/telemetry/log.js';
import { needsServer } from '../needs-server.js';
import { parseDockerfile } from './dockerfile.js';

const top = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'bellwether-compose-'));
const secretsFolder = join(folder, 'secrets');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const made = spawnSync(process.execPath, [
  join(top, 'service/deploy/compose/make-secrets.mjs'),
  secretsFolder,
]);

interface ComposedService {
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly image?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly deploy?: { readonly resources?: { readonly limits?: Readonly<Record<string, string>> } };
}
const compose = parse(readFileSync(join(top, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposedService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};
const services = Object.entries(compose.services);
const stages = parseDockerfile(readFileSync(join(top, 'service/deploy/Dockerfile'), 'utf8'));
/** What listens in images of others. */
const LISTENING: Readonly<Record<string, readonly string[]>> = {
  prometheus: ['9090'],
  influxdb: ['8086'],
  grafana: ['3000'],
};
/** Made by the build of the plugin, and mounted as it is. */
const BUILT = './grafana-plugin/dist';

function listening(name: string, { build }: ComposedService): readonly string[] {
  const stage = stages.find((one) => one.name === build?.target);
  const exposed = stage?.instructions.find(({ keyword }) => keyword === 'EXPOSE')?.rest.split(' ');
  return exposed ?? LISTENING[name] ?? [];
}

/** Of a file, or of all files in a folder. */
function contentOf(path: string): string {
  if (statSync(path).isFile()) return readFileSync(path, 'utf8');
  return readdirSync(path)
    .map((name) => contentOf(join(path, name)))
    .join('\n');
}

/** A file as it is mounted, with the secrets and itself where this test keeps them. */
function mounted(path: string): string {
  const file = join(folder, basename(path));
  const text = readFileSync(join(top, path), 'utf8')
    .replaceAll('/run/secrets/', `${secretsFolder}/`)
    .replaceAll('/etc/prometheus/alerts.yml', join(top, 'service/dashboards/alerts.yml'));
  writeFileSync(file, text);
  return file;
}

describe.each(services)('the service %s', (name, service) => {
  it('comes from a stage that is there, or from an image with a version', () => {
    if (service.build === undefined) expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+/);
    else {
      expect(existsSync(join(top, service.build.context, service.build.dockerfile))).toBe(true);
      expect(stages.map((stage) => stage.name)).toContain(service.build.target);
    }
  });

  it('opens ports on loopback alone, and only such as it listens on', () => {
    for (const port of service.ports ?? []) {
      const [, host, inside] = /^([\d.]+):\d+:(\d+)$/.exec(port) ?? [];
      expect([port, host]).toEqual([port, '127.0.0.1']);
      expect(listening(name, service)).toContain(inside);
    }
  });

  it('mounts files that are there and volumes that are declared', () => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source === BUILT) continue;
      if (source.startsWith('.')) expect([source, existsSync(join(top, source))]).toEqual([source, true]);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  it('uses exactly the secrets that it is given', () => {
    const configs = (service.volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((source) => source.startsWith('.') && source !== BUILT)
      .map((source) => contentOf(join(top, source)));
    const said = JSON.stringify([service.entrypoint, service.environment, ...configs]);
    const used = new Set([...said.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, secret]) => secret));
    expect([...used].sort()).toEqual([...(service.secrets ?? [])].sort());
  });

  it('has a health check and limits, and waits for what is there', () => {
    const stage = stages.find((one) => one.name === service.build?.target);
    const checks = stage?.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK') ?? false;
    expect(checks || service.healthcheck !== undefined).toBe(true);
    expect(Object.keys(service.deploy?.resources?.limits ?? {})).toEqual(['cpus', 'memory']);
    const awaited = Array.isArray(service.depends_on)
      ? (service.depends_on as readonly string[])
      : Object.keys(service.depends_on ?? {});
    for (const other of awaited) expect(Object.keys(compose.services)).toContain(other);
  });
});

it('every secret is made by the script, and kept out of git', () => {
  expect([made.status, String(made.stderr)]).toEqual([0, '']);
  expect(readdirSync(secretsFolder).sort()).toEqual(Object.keys(compose.secrets).sort());
  const ignoredByGit = readFileSync(join(top, '.gitignore'), 'utf8').split('\n');
  for (const [name, { file }] of Object.entries(compose.secrets)) {
    expect(file).toBe(`.bellwether/secrets/${name}`);
    expect(ignoredByGit).toContain('.bellwether/');
  }
});

it('every volume and secret is used', () => {
  const said = JSON.stringify(compose.services);
  for (const name of [...Object.keys(compose.volumes), ...Object.keys(compose.secrets)])
    expect(said).toContain(name);
});

describe('the mounted configuration of Bellwether', () => {
  it('is the one that the command names', () => {
    const { command = [], volumes = [] } = compose.services['bellwether'] ?? {};
    const target = command[command.indexOf('--config') + 1];
    expect(volumes.some((volume) => volume.includes(`:${target ?? ''}:ro`))).toBe(true);
  });

  it('is taken by the real loader and composed into the real service, secrets and all', async () => {
    const dataDir = join(folder, 'data');
    const environment = { BELLWETHER_HOST: '0.0.0.0', BELLWETHER_DATA_DIR: dataDir };
    const config = loadConfig(mounted('service/deploy/compose/bellwether.json'), environment);
    expect(accessTokens(config, environment).size).toBe(5);
    const store = await openSqliteStore({ file: join(dataDir, 'b.db'), clock: Date.now });
    try {
      const service = composeService({
        ...{ config, environment, store, log: createLog('error') },
        ...{ clock: Date.now, publicUrl: () => 'http://127.0.0.1:8390' },
      });
      await service.start();
      expect(Object.keys((await service.ready()).components)).toContain('store');
      await service.stop();
    } finally {
      await store.close();
    }
  });

  it('reaches services of the composition at ports that they listen on, and may', () => {
    const { egress, sources, executors, tokens } = JSON.parse(
      readFileSync(join(top, 'service/deploy/compose/bellwether.json'), 'utf8'),
    ) as {
      egress: { allow: string[] };
      sources: { url: string }[];
      executors: { url: string }[];
      tokens: { grafana?: { keysUrl: string } }[];
    };
    const keys = tokens.flatMap(({ grafana }) => (grafana === undefined ? [] : [{ url: grafana.keysUrl }]));
    expect(keys).toHaveLength(1);
    for (const { url } of [...sources, ...executors, ...keys]) {
      const { host, hostname, port } = new URL(url);
      expect(egress.allow).toContain(host);
      const target = compose.services[hostname];
      expect([url, target !== undefined]).toEqual([url, true]);
      if (target !== undefined) expect(listening(hostname, target)).toContain(port);
    }
  });
});

describe('the shop', () => {
  it('knows every variable that it is given, and gets what it needs', () => {
    const source = readFileSync(join(top, 'fixtures/shop/serve-settings.ts'), 'utf8');
    const names = Object.keys(compose.services['shop']?.environment ?? {});
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) expect([name, source.includes(name)]).toEqual([name, true]);
    const secrets = Object.entries(compose.services['shop']?.environment ?? {}).filter(([name]) =>
      name.endsWith('_FILE'),
    );
    const environment = Object.fromEntries(
      secrets.map(([name, path]) => [name, path.replace('/run/secrets', secretsFolder)]),
    );
    // A port that cannot be had ends it right after the settings were taken.
    const { stderr, status } = spawnSync(process.execPath, [join(top, 'fixtures/dist/shop/serve-main.js')], {
      env: { ...compose.services['shop']?.environment, ...environment, SHOP_METRICS_PORT: '99999' },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([3, expect.stringContaining('SHOP_METRICS_PORT is "99999"')]);
  });
});

describe('Prometheus', () => {
  it('scrapes services of the composition at ports that they listen on, under the name that alerts expect', () => {
    const { scrape_configs: jobs } = parse(
      readFileSync(join(top, 'service/deploy/compose/prometheus.yml'), 'utf8'),
    ) as { scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[] };
    expect(jobs.map((job) => job.job_name)).toEqual(['bellwether', 'shop']);
    for (const { static_configs: configs } of jobs)
      for (const target of configs.flatMap(({ targets }) => targets)) {
        const [host = '', port = ''] = target.split(':');
        const service = compose.services[host];
        expect([target, service !== undefined]).toEqual([target, true]);
        if (service !== undefined) expect(listening(host, service)).toContain(port);
      }
  });
});

needsServer('promtool', 'promtool takes the mounted configuration of Prometheus', () => () => {
  const check = spawnSync('promtool', ['check', 'config', mounted('service/deploy/compose/prometheus.yml')], {
    encoding: 'utf8',
  });
  expect([check.status, check.stdout + check.stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
  return Promise.resolve();
});
