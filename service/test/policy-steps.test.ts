import { describe, expect, it } from 'vitest';
import { createWorld } from './world.js';

const steps = [
  { name: 'canary', trafficShare: 0.05 },
  { name: 'full', trafficShare: 1 },
];

describe('the steps of a policy', () => {
  it('are those of a canary that plans none itself, and share α as the policy says', async () => {
    const world = await createWorld({ policy: { alpha: 0.04, steps, spending: [0.25, 0.75] } });
    const { id, plannedSteps } = await world.start({ strategy: 'canary' });
    expect(plannedSteps).toEqual(steps);
    const [watch] = await world.store.watches({ deploymentId: id });
    expect(watch?.alpha).toBeCloseTo(0.01);
    expect(await world.store.steps(id)).toMatchObject([{ name: 'canary', trafficShare: 0.05 }]);
  });

  it('give way to those that a deployment plans, which must be as many as there are shares', async () => {
    const world = await createWorld({ policy: { steps, spending: [0.25, 0.75] } });
    const own = [{ name: 'half', trafficShare: 0.5 }, { name: 'all' }];
    expect((await world.start({ strategy: 'canary', plannedSteps: own })).plannedSteps).toEqual(own);
    await expect(
      world.start({ strategy: 'canary', plannedSteps: [...own, { name: 'more' }] }),
    ).rejects.toMatchObject({ code: 'invalid', info: { field: '/plannedSteps' } });
  });

  it('are no business of a release in one step, which spends all of α', async () => {
    const world = await createWorld({ policy: { alpha: 0.04, steps, spending: [0.25, 0.75] } });
    const { id, plannedSteps } = await world.start({ strategy: 'rolling' });
    expect(plannedSteps).toEqual([{ name: 'full' }]);
    const [watch] = await world.store.watches({ deploymentId: id });
    expect(watch?.alpha).toBe(0.04);
  });
});
