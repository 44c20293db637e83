// Does TensorFlow's native library load here, and does it compute what it should?
// usage: node tfjs-self-test.mjs FOLDER     the folder that @tensorflow/tfjs-node was installed into
// Exits 0 when it can be used and 1 with the reason when it can't: whoever asked goes on without it.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const TOLERANCE = 1e-5;

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node tfjs-self-test.mjs FOLDER');
  process.exit(2);
}

try {
  const tf = createRequire(join(resolve(folder), 'package.json'))('@tensorflow/tfjs-node');
  if (tf.getBackend() !== 'tensorflow')
    throw new Error(`its backend is "${tf.getBackend()}", not "tensorflow"`);
  product(tf);
  gradient(tf);
  training(tf);
  console.log(
    `The native TensorFlow backend works (${tf.version?.['tfjs-node'] ?? 'version unknown'}, Node ${process.versions.node}).`,
  );
} catch (error) {
  console.error(`The native TensorFlow backend cannot be used here: ${error.message.split('\n')[0]}`);
  process.exitCode = 1;
}

function product(tf) {
  const left = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const right = tf.tensor2d([7, 8, 9, 10, 11, 12], [3, 2]);
  same('a matrix product', left.matMul(right).dataSync(), [58, 64, 139, 154]);
}

function gradient(tf) {
  const slope = tf.grad((x) => x.square().sum())(tf.tensor1d([1, -2, 3]));
  same('a gradient', slope.dataSync(), [2, -4, 6]);
}

/** One step of descent on y = w·x: w goes from 0 by rate × mean of 2·x·y. */
function training(tf) {
  const weight = tf.variable(tf.scalar(0));
  const x = tf.tensor1d([1, 2, 3, 4]);
  const y = tf.tensor1d([2, 4, 6, 8]);
  tf.train.sgd(0.01).minimize(() => weight.mul(x).sub(y).square().mean());
  same('a step of training', weight.dataSync(), [0.3]);
}

function same(what, given, wanted) {
  const close =
    given.length === wanted.length && wanted.every((value, i) => Math.abs(value - given[i]) <= TOLERANCE);
  if (!close) throw new Error(`${what} gave ${Array.from(given).join(', ')} instead of ${wanted.join(', ')}`);
}
