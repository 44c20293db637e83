import { expect, test } from 'vitest';
import { rolloutSteps } from './rollout-steps.js';
import { workload } from './workload.js';

const rollout = (steps: readonly object[], currentStepIndex: number) =>
  workload.parse({
    metadata: { name: 'cart', namespace: 'shop', uid: 'u' },
    spec: { strategy: { canary: { steps } }, template: { spec: { containers: [] } } },
    status: { currentStepIndex },
  });

test('weights that change the traffic are steps, whatever else stands there', () => {
  const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 20 }, { setWeight: 60 }, { analysis: {} }];
  expect(rolloutSteps(rollout(steps, 4))).toEqual({
    planned: [
      { name: '20%', trafficShare: 0.2 },
      { name: '60%', trafficShare: 0.6 },
      { name: '100%', trafficShare: 1 },
    ],
    reached: 1,
  });
});

test.each([[{ toString: 0 }], [null], ['20'], [-5], [300], [Infinity]])('%j is no weight', (setWeight) => {
  expect(rolloutSteps(rollout([{ setWeight }], 0))?.planned).toEqual([{ name: '100%', trafficShare: 1 }]);
});
