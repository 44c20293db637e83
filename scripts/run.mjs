// Runs one of the project's jobs on any machine: installs what is missing or stale, builds, then does the job.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'node_modules', '.bellwether-install');

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
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing dependencies (once; about a minute, longer where SQLite has to be compiled) …');
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  writeFileSync(stamp, wanted);
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

function run(command, commandArgs) {
  const status = spawn(command, commandArgs);
  if (status !== 0) process.exit(status);
}

function spawn(command, commandArgs) {
  const { status, signal } = spawnSync(command, commandArgs, { cwd: root, stdio: 'inherit' });
  return status ?? (signal === 'SIGINT' ? 130 : 1);
}
