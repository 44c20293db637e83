import { parseArgs } from 'node:util';
import { decoders, fuzz } from './ingest/fuzz-decoders.js';

/** `node service/dist/bench/fuzz.js [--runs 100000] [--seed 1]`: broken inputs for every decoder of what others write. */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
for (const [name, decoder] of Object.entries(decoders)) {
  const startedAt = performance.now();
  fuzz(decoder, Number(values.runs), Number(values.seed));
  console.log(
    `${name}: ${values.runs} inputs, each taken in or refused (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`,
  );
}
