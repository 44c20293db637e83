import { describe, expect, it } from 'vitest';
import { drawDeployment, type SyntheticService } from './synthetic-service.js';
import { watchDeployment } from './watch-deployment.js';

const SERVICE: SyntheticService = {
  metrics: 1,
  phi: 0.5,
  season: true,
  history: 1440,
  looks: 24,
  day: 288,
  alpha: 0.05,
};

function rollbacks(service: SyntheticService, deployments: number, shift?: number): number {
  let count = 0;
  for (let seed = 1; seed <= deployments; seed++) {
    const injection = shift === undefined ? undefined : { shift, onset: 2 };
    const { snapshot, live } = drawDeployment(service, seed, injection);
    if (watchDeployment(snapshot, live).rolledBackAt !== undefined) count++;
  }
  return count;
}

describe('false rollbacks with a look at every tick', () => {
  // At α = 5 % exactly, 200 deployments give more than 24 false rollbacks with probability 4e-5, and 60 more than 11 with 4e-5.
  it.each([
    ['one metric, autocorrelated, with a season', SERVICE, 200, 24],
    ['one metric, strongly autocorrelated', { ...SERVICE, phi: 0.8, season: false }, 200, 24],
    ['twenty correlated metrics', { ...SERVICE, metrics: 20 }, 60, 11],
    ['short history (e-process)', { ...SERVICE, history: 40, season: false }, 200, 24],
  ] as const)(
    'stay within the error rate: %s',
    (_, service, deployments, most) => {
      expect(rollbacks(service, deployments)).toBeLessThanOrEqual(most);
    },
    60_000,
  );

  it('do not come from never rolling back: a large shift is found', () => {
    expect(rollbacks(SERVICE, 40, 0.4)).toBeGreaterThanOrEqual(36);
  });
});
