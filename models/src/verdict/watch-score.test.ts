import { describe, expect, it } from 'vitest';
import { calibrateMetric, type CalibratedMetric } from '../calibration/calibrated-metric.js';
import { planReplay } from '../calibration/replay-plan.js';
import type { Direction, LiveMetric } from '../contract.js';
import type { Trace } from '../scoring/trace.js';
import { traceRatio } from './live-trace.js';
import { LOOKS, noisyRatio, testRule, testWatch } from './test-watch.js';
import { scoreWatch } from './watch-score.js';

function traceOf({ model }: CalibratedMetric, live: LiveMetric | undefined): Trace {
  if (model.shape !== 'ratio' || live === undefined) throw new Error('a ratio is needed');
  return traceRatio(model, live, LOOKS).trace;
}

/** The same, but every stretch is worked out, however little it harms. */
function inFull(trace: Trace): Trace {
  const { boundOutside: _outside, boundAround: _around, ...exact } = trace;
  return exact;
}

describe('scoreWatch', () => {
  it.each<[Direction, number, number]>([
    ['up', 0.02, 0.02],
    ['up', 0.02, 0.03],
    ['down', 0.02, 0.01],
    ['both', 0.02, 0.02],
    ['up', 0, 0.001],
    ['up', 0.97, 0.99],
  ])('leaves out no stretch that could have been the loudest: %s, %d to %d', (direction, before, after) => {
    for (let seed = 1; seed <= 5; seed++) {
      const treatment = noisyRatio(seed, before, after);
      const rule = testRule({ shape: 'ratio', direction });
      const { snapshot, live } = testWatch([{ rule, treatment }]);
      const [history] = snapshot.metrics;
      if (history === undefined) throw new Error('one metric is needed');
      const metric = calibrateMetric(history, planReplay(snapshot))?.calibrated;
      if (metric === undefined) throw new Error('its past allows a forecast');
      const trace = traceOf(metric, live[0]);
      const score = scoreWatch(metric, trace);
      expect(score).toEqual(scoreWatch(metric, inFull(trace)));
      expect(score.peak).toBeGreaterThan(0);
    }
  });
});
