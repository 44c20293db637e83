import { describe, expect, it } from 'vitest';
import { drawDeployment, type SyntheticService } from './synthetic-service.js';
import { watchDeployment } from './watch-deployment.js';

const SERVICE: SyntheticService = {
  metrics: 1,
  phi: 0.5,
  season: true,
  history: 720,
  gap: 0,
  looks: 12,
  day: 144,
  alpha: 0.05,
};

function rollbacks(service: SyntheticService, deployments: number, shift?: number): number {
  let count = 0;
  for (let seed = 1; seed <= deployments; seed++) {
    const harm =
      shift === undefined ? undefined : ({ kind: 'shift', size: shift, onset: 2, hits: 'first' } as const);
    const { snapshot, live } = drawDeployment(service, seed, harm);
    if (watchDeployment(snapshot, live).rolledBackAt !== undefined) count++;
  }
  return count;
}

describe('false rollbacks with a look at every tick', () => {
  // At α = 5 % exactly, Binomial(80, α) exceeds 14 and Binomial(12, α) exceeds 5 with a probability below 1e-4 each.
  it.each([
    ['one metric, autocorrelated, with a season', SERVICE, 80, 14],
    ['one metric, strongly autocorrelated', { ...SERVICE, phi: 0.8, season: false }, 80, 14],
    ['eight correlated metrics', { ...SERVICE, metrics: 8 }, 12, 5],
    ['a later step of a release', { ...SERVICE, gap: 24 }, 80, 14],
    ['short history (e-process)', { ...SERVICE, history: 40, season: false }, 80, 14],
  ] as const)(
    'stay within the error rate: %s',
    (_, service, deployments, most) => {
      expect(rollbacks(service, deployments)).toBeLessThanOrEqual(most);
    },
    60_000,
  );

  it('do not come from never rolling back: a large shift is found', () => {
    expect(rollbacks(SERVICE, 20, 0.4)).toBeGreaterThanOrEqual(17);
  });
});
