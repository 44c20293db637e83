import { describe, expect, it } from 'vitest';
import { region, wireVerdict } from '../verdicts/region.test-support.js';
import { medianOf, tallyVerdicts } from './tally-verdicts.js';

describe('verdicts by service', () => {
  it('counts each deployment once and times those that were judged', () => {
    const regions = [
      region({ service: 'cart' }),
      region({ service: 'cart', latestVerdict: wireVerdict({ verdict: 'inconclusive' }) }),
      region({ service: 'api' }),
    ];
    expect(tallyVerdicts(regions)).toEqual([
      { service: 'api', total: 1, counts: { rollback: 1 }, secondsToVerdict: [360] },
      { service: 'cart', total: 2, counts: { rollback: 1, inconclusive: 1 }, secondsToVerdict: [360] },
    ]);
  });

  it('has a middle of even and odd counts and none of nothing', () => {
    expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3]), medianOf([])]).toEqual([2, 2.5, undefined]);
  });
});
