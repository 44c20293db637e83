import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialWeights } from './network.js';
import { decodeModel, encodeModel } from './weights-file.js';

fc.configureGlobal({ seed: 20240917 });

const model = { name: 'test/1', weights: initialWeights(2), selfTest: [1, 2, 3] };
const bytes = encodeModel(model);

describe('weights file', () => {
  it('gives back what was written, also from the middle of a buffer', () => {
    expect(decodeModel(bytes)).toEqual(model);
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    expect(decodeModel(padded.subarray(3))).toEqual(model);
  });

  it('stays far below 1 MB', () => {
    expect(bytes.length).toBeLessThan(120_000);
  });

  it('refuses a file that was cut anywhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(() => decodeModel(bytes.subarray(0, length))).toThrow('learned model:');
      }),
      { numRuns: 60 },
    );
  });

  it('names what is wrong', () => {
    const changed = (from: string, to: string): Uint8Array =>
      Buffer.from(Buffer.from(bytes).toString('latin1').replace(from, to), 'latin1');
    expect(() => decodeModel(changed('learned-1', 'learned-9'))).toThrow('format is bellwether-learned-9');
    expect(() => decodeModel(changed('"position"', '"positiom"'))).toThrow('arrays differ');
    expect(() => decodeModel(changed('"selfTest"', '"selfTist"'))).toThrow('selfTest is missing');
    expect(() => decodeModel(Uint8Array.of(...bytes, 0))).toThrow('bytes after the last array');
    const broken = bytes.slice();
    new DataView(broken.buffer).setFloat32(broken.length - 4, NaN, true);
    expect(() => decodeModel(broken)).toThrow('wide.weight holds a number that is not finite');
  });
});
