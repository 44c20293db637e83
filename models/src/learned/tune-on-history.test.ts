import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noisyGauge, noisyRatio, testWatch } from '../verdict/test-watch.js';
import { tuneOnHistory } from './tune-on-history.js';
import { decodeModel } from './weights-file.js';

const shipped = readFileSync(new URL('../../artifacts/window-mixer/1.0.0/weights.bin', import.meta.url));

describe('tuneOnHistory', () => {
  it('gives a model of its own with the comparison that decides on its use, the same for the same seed', async () => {
    const { snapshot } = testWatch([{ treatment: noisyGauge(1) }, { treatment: noisyRatio(2, 0.01, 0.01) }]);
    const tuned = await tuneOnHistory(shipped, snapshot, 'window-mixer/1.0.0+shop', 7, 3);
    if (tuned.kind !== 'tuned') throw new Error(tuned.reason);
    expect(decodeModel(tuned.weights).name).toBe('window-mixer/1.0.0+shop');
    expect(tuned.report).toMatchObject({ base: 'window-mixer/1.0.0', steps: 3 });
    const { comparison } = tuned;
    // Three steps change next to nothing.
    expect(Math.abs(comparison.tunedAuc - comparison.baseAuc)).toBeLessThan(0.02);
    expect(comparison.tunedIsBetter).toBe(comparison.low > 0);
    const again = await tuneOnHistory(shipped, snapshot, 'window-mixer/1.0.0+shop', 7, 3);
    expect(again).toEqual(tuned);
  });

  it('says what is missing', async () => {
    const ratios = testWatch([{ treatment: noisyRatio(2, 0.01, 0.01) }]).snapshot;
    expect(await tuneOnHistory(shipped, ratios, 'x/1', 1, 1)).toMatchObject({
      reason: expect.stringContaining('no gauge') as string,
    });
    const short = testWatch([{ treatment: noisyGauge(1, 1, 60) }], {}, 60).snapshot;
    const outcome = await tuneOnHistory(shipped, short, 'x/1', 1, 1);
    expect(outcome).toMatchObject({ kind: 'insufficient' });
  });
});
