import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import { copiesOf, ignored, ignorePatterns, parseDockerfile, simulate } from './dockerfile.js';

const top = join(import.meta.dirname, '..', '..', '..');
const stages = parseDockerfile(readFileSync(join(top, 'service/deploy/Dockerfile'), 'utf8'));
const patterns = ignorePatterns(join(top, '.dockerignore'));
// Removed with all that tests leave.
const folder = mkdtempSync(join(tmpdir(), 'bellwether-image-'));

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly link?: boolean; readonly resolved?: string }>
  >;
}

/** `npm ci --omit=dev` without the registry: what the lock calls a production dependency, as it is installed here. */
function installProduction(root: string): void {
  const lock = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8')) as Lock;
  for (const [path, { dev, link, resolved }] of Object.entries(lock.packages)) {
    const target = join(root, 'app', path);
    if (link === true) {
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join('..', '..', resolved ?? ''), target);
    } else if (path.includes('node_modules/') && dev !== true && existsSync(join(top, path)))
      linkFiles(join(top, path), target);
  }
}

/** Files are the same on disk, folders are new: packages find only each other from there. */
function linkFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [origin, goal] = [join(from, entry.name), join(to, entry.name)];
    // Packages inside a package have entries of their own in the lock.
    if (entry.isDirectory() && entry.name !== 'node_modules') linkFiles(origin, goal);
    else if (entry.isFile()) linkFile(origin, goal);
  }
}

/** Copied where the temporary folder lies on another disk. */
function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** `tsc -b`: what is built here. */
function build(root: string): void {
  for (const room of ['models', 'service', 'fixtures'])
    symlinkSync(join(top, room, 'dist'), join(root, 'app', room, 'dist'));
}

const parts = {
  context: top,
  patterns,
  folder,
  run: {
    dependencies: installProduction,
    build,
    native: (root: string) => {
      const installer = join(root, 'deploy/install-native.mjs');
      spawnSync(process.execPath, [installer, join(root, 'opt/bellwether-native'), ''], { stdio: 'ignore' });
    },
  },
};

describe('the Dockerfile', () => {
  it('has the stages that are asked for, on one Node 22 and one Debian', () => {
    expect(stages.map(({ name }) => name)).toEqual([
      ...['manifests', 'dependencies', 'build', 'native', 'runtime', 'shop', 'service'],
    ]);
    const images = stages.map(({ from }) => from).filter((from) => from.includes(':'));
    for (const image of images) expect(image).toMatch(/^node:22-bookworm(-slim)?$/);
  });

  it('copies only what is there, is not ignored, and comes from earlier stages', () => {
    for (const [index, stage] of stages.entries()) {
      const earlier = stages.slice(0, index).map(({ name }) => name);
      for (const { from, sources } of copiesOf(stage)) {
        if (from !== undefined) expect(earlier).toContain(from);
        else
          for (const source of sources) {
            expect([source, existsSync(join(top, source))]).toEqual([source, true]);
            expect([source, ignored(patterns, source)]).toEqual([source, false]);
          }
      }
    }
  });

  it.each(['shop', 'service'])('runs %s as a user without rights, with a health check', (name) => {
    const instructions = stages.find((stage) => stage.name === name)?.instructions ?? [];
    expect(instructions).toContainEqual({ keyword: 'USER', rest: 'node' });
    expect(instructions.map(({ keyword }) => keyword)).toContain('HEALTHCHECK');
  });

  it('keeps secrets, data and what the host built out of the context', () => {
    for (const path of [
      '.bellwether/secrets/x',
      'node_modules/a',
      'service/dist/b',
      '.git/c',
      'a/b.db',
      '.env',
    ])
      expect([path, ignored(patterns, path)]).toEqual([path, true]);
    for (const path of ['service/src/main.ts', 'models/package.json', 'service/deploy/health-check.mjs'])
      expect([path, ignored(patterns, path)]).toEqual([path, false]);
  });
});

describe('what the image would hold', () => {
  const node = (root: string, ...parameters: string[]) =>
    spawnSync(process.execPath, parameters, { cwd: join(root, 'app'), encoding: 'utf8' });

  it(
    'runs the service with production dependencies alone, and knows its health',
    { timeout: 60_000 },
    async () => {
      const root = simulate(stages, 'service', parts);
      expect(readdirSync(join(root, 'app', 'node_modules'))).not.toContain('typescript');
      expect(readdirSync(join(root, 'app', 'service')).sort()).toEqual([
        ...['bin', 'deploy', 'dist', 'package.json', 'policies'],
      ]);
      const port = await freePort();
      const {
        ENTRYPOINT = '[]',
        CMD = '[]',
        HEALTHCHECK = '',
      } = Object.fromEntries((stages.at(-1)?.instructions ?? []).map(({ keyword, rest }) => [keyword, rest]));
      const [program = '', ...parameters] = [
        ...(JSON.parse(ENTRYPOINT) as string[]),
        ...(JSON.parse(CMD) as string[]),
      ];
      expect(program).toBe('node');
      const [, ...check] = JSON.parse(HEALTHCHECK.slice(HEALTHCHECK.indexOf('CMD ') + 4)) as string[];
      const health = () =>
        spawnSync(process.execPath, check, {
          cwd: join(root, 'app'),
          env: { BELLWETHER_PORT: String(port) },
          encoding: 'utf8',
        });
      const child = spawn(process.execPath, parameters, {
        cwd: join(root, 'app'),
        env: { BELLWETHER_PORT: String(port), BELLWETHER_DATA_DIR: join(folder, 'data') },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let log = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
      const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
      try {
        const status = await eventually('readiness', async () => {
          if (child.exitCode !== null) throw new Error(log);
          const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
          return answer?.status === 200 ? answer.json() : undefined;
        });
        expect(status).toEqual({ status: 'ok' });
        expect(health().status).toBe(0);
      } finally {
        child.kill('SIGTERM');
      }
      expect(await exited).toBe(0);
      const after = health();
      expect([after.status, after.stderr]).toEqual([1, expect.stringContaining('gave no answer')]);
    },
  );

  it('starts the shop', { timeout: 60_000 }, () => {
    const root = simulate(stages, 'shop', parts);
    const started = node(root, 'fixtures/dist/shop/serve-main.js');
    expect([started.status, started.stderr]).toEqual([
      3,
      expect.stringContaining('SHOP_TOKEN_FILE is missing'),
    ]);
  });
});

describe('the native backend', () => {
  const script = (name: string) => join(top, 'service/deploy', name);
  const selfTest = (at: string) =>
    spawnSync(process.execPath, [script('tfjs-self-test.mjs'), at], { encoding: 'utf8' });

  /** Stands in for the library, with just what the self-test asks of it. */
  function standIn(product: string): string {
    const at = mkdtempSync(join(folder, 'native-'));
    const home = join(at, 'node_modules/@tensorflow/tfjs-node');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"name":"@tensorflow/tfjs-node","main":"index.js"}');
    writeFileSync(
      join(home, 'index.js'),
      `const data = (values) => ({ dataSync: () => values });
       let w = 0;
       module.exports = {
         version: { 'tfjs-node': '0.0.0' },
         getBackend: () => 'tensorflow',
         tensor2d: () => ({ matMul: () => data(${product}) }),
         tensor1d: () => data([]),
         grad: () => () => data([2, -4, 6]),
         scalar: () => 0,
         variable: () => ({ dataSync: () => [w] }),
         train: { sgd: () => ({ minimize: () => { w = 0.3; } }) },
       };`,
    );
    return at;
  }

  it('is said to be missing where it is', () => {
    const { status, stderr } = selfTest(mkdtempSync(join(folder, 'empty-')));
    expect([status, stderr]).toEqual([1, expect.stringMatching(/cannot be used here: Cannot find module/)]);
  });

  it('passes when it computes what it should, and not when it does not', () => {
    expect(selfTest(standIn('[58, 64, 139, 154]')).status).toBe(0);
    const { status, stderr } = selfTest(standIn('[58, 64, 139, 155]'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('a matrix product gave')]);
  });

  it('leaves a note where it was left out', () => {
    const at = join(folder, 'left-out');
    expect(spawnSync(process.execPath, [script('install-native.mjs'), at, '']).status).toBe(0);
    expect(readFileSync(join(at, 'NOT-INSTALLED'), 'utf8')).toContain('Bellwether runs without it');
  });
});
