import * as tf from '@tensorflow/tfjs-core';

/** Where tensors are computed: native TensorFlow (optional, not installed by default), WebAssembly, or plain JavaScript. */
export type Backend = 'tensorflow' | 'wasm' | 'cpu';

/** Fastest first; each is used only when it loads and passes the model's self-test. */
export const BACKENDS: readonly Backend[] = ['tensorflow', 'wasm', 'cpu'];

// The name is not a literal, because the package is an optional peer that must not be there to build or to check.
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node';

async function register(backend: Backend): Promise<void> {
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  else if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else await import(NATIVE_PACKAGE);
}

/**
 * Loads a backend and makes it the one in use.
 *
 * @throws Error when it is not installed or does not start on this machine
 */
export async function startBackend(backend: Backend): Promise<void> {
  // Without it the library greets on the console and checks every tensor for NaN.
  tf.env().set('PROD', true);
  await register(backend);
  if (!(await tf.setBackend(backend))) throw new Error(`backend ${backend} did not start`);
  await tf.ready();
}

/** Makes a backend that was started the one in use. Takes effect at once: `setBackend` waits only for backends that still start. */
export function useBackend(backend: Backend): void {
  if (tf.getBackend() !== backend) void tf.setBackend(backend);
}
