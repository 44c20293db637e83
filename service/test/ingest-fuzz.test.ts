import { expect, it } from 'vitest';
import { decoders, fuzz } from '../bench/ingest/fuzz-decoders.js';

// More of them: node service/dist/bench/fuzz.js
it.each(Object.entries(decoders))('%s takes or refuses whatever comes', (_name, decoder) => {
  expect(() => fuzz(decoder, 2_000, 42)).not.toThrow();
});
