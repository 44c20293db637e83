import { describe, expect, it } from 'vitest';
import { aDeployment } from '../../store/contract-fixtures.js';
import { aFreshCheck } from '../../store/contract-tuning.test-suite.js';
import { calibrationDoubts } from './calibration-doubts.js';

/** What a release at this α is told where 30 of 100 quiet moments at α = 5 % were rolled back. */
async function doubts(alpha: number) {
  const checks = Array.from({ length: 100 }, (_, n) =>
    aFreshCheck(1_000 - n, { alpha: 0.05, outcome: n < 30 ? 'rolled-back' : 'quiet' }),
  );
  const { policy, ...rest } = aDeployment('d-1');
  const found = await calibrationDoubts(
    { freshChecks: () => Promise.resolve(checks) },
    { ...rest, policy: { ...policy, alpha } },
  );
  return found.map(({ code, text }) => `${code}: ${text}`);
}

describe('calibrationDoubts', () => {
  it('says what was found beside what was promised', async () => {
    expect(await doubts(0.05)).toEqual([
      expect.stringMatching(/^calibration-off: .* of 100 quiet moments .* 30 would .* where α is 5 %\.$/),
    ]);
  });

  it('says it to a release that is promised less, and not to one that allows as much', async () => {
    expect(await doubts(0.01)).toHaveLength(1);
    expect(await doubts(0.4)).toEqual([]);
  });
});
