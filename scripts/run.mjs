// Runs one of the project's jobs on any machine: installs what is missing or stale, builds, then does the job.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');

// `npm ci` refuses a lock file without the optional packages of other machines, which not every registry has.
const byLock = ['install', '--no-save'];

const jobs = {
  demo: (args) => run('node', ['fixtures/dist/demo/main.js', ...args]),
  test: (args) => run('npx', ['--no-install', 'vitest', 'run', ...args]),
  serve: (args) => run('node', ['service/bin/bellwether.mjs', 'serve', ...args]),
  'bench:quality': (args) => run('node', ['service/dist/bench/quality.js', ...args]),
  'bench:speed': (args) => {
    run('node', ['--expose-gc', 'models/dist/bench/tick.js', ...args]);
    run('node', ['--expose-gc', 'service/dist/bench/tick.js', ...args]);
  },
  train: (args) => run('node', ['models/dist/train/train-main.js', ...args]),
  check,
  plugin: runPlugin,
  // Installing and building is what every job begins with.
  build: () => undefined,
};

const [job, ...args] = process.argv.slice(2);
if (!Object.hasOwn(jobs, job ?? '')) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(jobs).join('|')}`);
  process.exit(2);
}
requireNode();
install();
run('npx', ['--no-install', 'tsc', '-b']);
jobs[job](args);

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Bellwether needs Node 20.19 or newer; this is ${process.versions.node}. Node 22 and 24 are recommended.`,
  );
  process.exit(1);
}

function install() {
  installIn(root, 'Installing dependencies (once; about a minute, longer where SQLite has to be compiled) …');
}

/** Installs a folder's lock file unless that has been done. */
function installIn(folder, message, command = ['ci']) {
  const stamp = join(folder, 'node_modules', '.bellwether-install');
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error(message);
  run('npm', [...command, '--no-fund', '--no-audit', '--loglevel=error'], folder);
  writeFileSync(stamp, wanted);
}

/**
 * The Grafana plugin: `build` makes grafana-plugin/dist; `test` checks types, rules and tests, builds, and runs the browser tests;
 * `host12` runs those a second time on an older Grafana's packages. `pictures` takes those that plugin.json names, and `e2e`
 * needs a Grafana server. Its dependencies are installed here alone.
 */
function runPlugin([what = 'test', ...more]) {
  const folder = join(root, 'grafana-plugin');
  const here = (command, ...args) => run('npx', ['--no-install', command, ...args], folder);
  const ownTool = (script, ...args) => run('node', [join(root, 'node_modules', script), ...args], folder);
  const steps = {
    build: () => here('webpack', '--config', 'webpack.config.mjs', '--stats', 'errors-warnings'),
    unit: () => here('vitest', 'run', ...more),
    lint: () => ownTool('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
    types: () => ownTool('typescript/bin/tsc', '-p', '.'),
    host: () => {
      run('node', ['host/build.mjs'], folder);
      here('vitest', 'run', '--config', 'vitest.host.config.mjs', ...more);
    },
    pictures: () => {
      const taken = (process.env.BELLWETHER_SCREENSHOTS ??= mkdtempSync(
        join(tmpdir(), 'bellwether-pictures-'),
      ));
      steps.host();
      const { info } = JSON.parse(readFileSync(join(folder, 'src', 'plugin.json'), 'utf8'));
      for (const { path } of info.screenshots)
        copyFileSync(join(taken, `grafana-13-${basename(path)}`), join(folder, 'src', path));
      console.error(`All pictures that the tests took are in ${taken}`);
    },
    e2e: () => {
      const tests = join(folder, 'e2e');
      installIn(tests, 'Installing what the tests against a Grafana server need …', byLock);
      ownTool('typescript/bin/tsc', '-p', 'e2e');
      run('npx', ['--no-install', 'playwright', 'test', ...more], tests);
    },
    host12: () => {
      installIn(
        join(folder, 'host', 'grafana-12'),
        'Installing the packages of Grafana 12 (once; about a minute) …',
        byLock,
      );
      run('node', ['host/build.mjs', '12'], folder);
      process.env.BELLWETHER_HOST_VERSION = '12';
      here('vitest', 'run', '--config', 'vitest.host.config.mjs', ...more);
    },
  };
  const wanted = what === 'test' ? ['types', 'lint', 'unit', 'build', 'host'] : [what];
  if (!wanted.every((name) => Object.hasOwn(steps, name))) {
    console.error(`usage: npm run plugin -- test|${Object.keys(steps).join('|')}`);
    process.exit(2);
  }
  installIn(folder, 'Installing the dependencies of the Grafana plugin (once; about a minute) …', byLock);
  for (const name of wanted) steps[name]();
}

/** Every check that CI makes, all of them even when one fails. */
function check() {
  const checks = [
    ['prettier', '--check', '.'],
    ['eslint', '.', '--max-warnings', '0'],
    [
      'depcruise',
      'models/src',
      'models/bench',
      'models/train',
      'service/src',
      'fixtures/shop',
      'fixtures/demo',
      '--config',
      '.dependency-cruiser.cjs',
    ],
    ['knip'],
  ];
  const failed = checks.filter((command) => spawn('npx', ['--no-install', ...command]) !== 0);
  if (failed.length === 0) return;
  console.error(`Failed: ${failed.map(([name]) => name).join(', ')}`);
  process.exit(1);
}

function run(command, commandArgs, folder = root) {
  const status = spawn(command, commandArgs, folder);
  if (status !== 0) process.exit(status);
}

function spawn(command, commandArgs, folder = root) {
  const { status, signal } = spawnSync(command, commandArgs, { cwd: folder, stdio: 'inherit' });
  return status ?? (signal === 'SIGINT' ? 130 : 1);
}
