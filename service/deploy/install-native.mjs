// Installs TensorFlow's native library for a later learned model, tests it, and leaves an empty folder where that fails: it is optional.
// usage: node install-native.mjs FOLDER VERSION     an empty VERSION installs nothing
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = '@tensorflow/tfjs-node';

const [folder, version] = process.argv.slice(2);
if (folder === undefined || version === undefined) {
  console.error('usage: node install-native.mjs FOLDER VERSION');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
if (version === '') leaveEmpty('no version was asked for');
else if (
  !succeeds('npm', [
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    '--save-exact',
    `${PACKAGE}@${version}`,
  ])
)
  leaveEmpty(`${PACKAGE} ${version} could not be installed`);
else if (!succeeds(process.execPath, [join(import.meta.dirname, 'tfjs-self-test.mjs'), folder]))
  leaveEmpty(`${PACKAGE} ${version} did not pass its self-test`);

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

/** The folder stays, because the image copies it. */
function leaveEmpty(why) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const text = `The native TensorFlow backend is not in this image: ${why}. Bellwether runs without it.`;
  writeFileSync(join(folder, 'NOT-INSTALLED'), `${text}\n`);
  console.error(text);
}
