import { describe, expect, it } from 'vitest';
import { decodeWindow } from '../../src/app/rehearse/decode-window.js';
import { prepareWindow } from '../../src/app/rehearse/prepare-window.js';
import { testWindow } from '../../src/app/rehearse/test-window.js';
import type { Truth } from './labelled-case.js';
import { visibleDeviation } from './visible-deviation.js';

/** The noise of the made-up window is cut, so that nothing lies far out by chance. */
function prepared(shape: Parameters<typeof testWindow>[0]) {
  const window = testWindow(shape);
  const metrics = window.metrics.map((metric) => ({
    ...metric,
    v: metric.v.map((value) => ((value ?? 0) > 150 ? 200 : 100 + Math.sign((value ?? 0) - 100))),
  }));
  const ready = prepareWindow(
    decodeWindow({ ...window, metrics }, () => undefined),
    {},
  );
  if ('reason' in ready) throw new Error(ready.reason.text);
  const truth: Truth = {
    set: 's',
    id: 'c',
    group: 'g',
    isBad: true,
    changeAtSeconds: window.change_at,
    onsetSeconds: window.change_at,
  };
  return { ready, truth, changeAt: window.change_at };
}

describe('the first visible deviation', () => {
  it('is the beginning of the first interval since the onset that lies far out', () => {
    const { ready, truth, changeAt } = prepared({ shift: 2, onset: 4 });
    expect(visibleDeviation(ready, truth)).toBe(changeAt + 4 * 60);
    expect(visibleDeviation(ready, { ...truth, onsetSeconds: changeAt + 7 * 60 + 1 })).toBe(
      changeAt + 7 * 60,
    );
  });

  it('is none where nothing can be seen, and of the faulty metrics alone where they are known', () => {
    const { ready, truth } = prepared({ seed: 5 });
    expect(visibleDeviation(ready, truth)).toBeUndefined();
    const harmed = prepared({ metrics: 2, shift: 2, onset: 4, seed: 5 });
    expect(visibleDeviation(harmed.ready, { ...harmed.truth, faultyMetrics: ['m1'] })).toBeUndefined();
    expect(visibleDeviation(harmed.ready, { ...harmed.truth, faultyMetrics: ['m0'] })).toBe(
      harmed.changeAt + 240,
    );
  });

  it('is none without an hour to compare with', () => {
    const { ready, truth } = prepared({ history: 2, shift: 3 });
    expect(visibleDeviation(ready, truth)).toBeUndefined();
  });
});
