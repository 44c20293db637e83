import { describe, expect, it } from 'vitest';
import { NOON_MS, region, wireVerdict } from '../verdicts/region.test-support.js';
import { deploymentsFrame } from './deployments-frame.js';
import { scoresFrame } from './scores-frame.js';
import { verdictsFrame } from './verdicts-frame.js';

const MINUTE = 60_000;

describe('deployments as series and tables', () => {
  it('counts verdicts by interval, and every deployment once', () => {
    const regions = [
      region({ id: 'a' }, 1),
      region({ id: 'b' }, 1.5),
      region({ id: 'c', latestVerdict: wireVerdict({ verdict: 'continue' }) }, 7),
      region({ id: 'before' }, -60),
    ];
    const range = { fromMs: NOON_MS, toMs: NOON_MS + 10 * MINUTE, intervalMs: 5 * MINUTE };
    const frame = verdictsFrame(regions, range);
    expect(frame.fields.map(({ name, values }) => [name, values])).toEqual([
      ['time', [NOON_MS, NOON_MS + 5 * MINUTE, NOON_MS + 10 * MINUTE]],
      ['Roll back', [2, 0, 0]],
      ['Continue', [0, 1, 0]],
    ]);
  });

  it('never makes more points than a panel can show', () => {
    const range = { fromMs: 0, toMs: 365 * 86_400_000, intervalMs: 1 };
    expect(verdictsFrame([], range).length).toBeLessThanOrEqual(2_002);
  });

  it('lists the newest deployment first', () => {
    const frame = deploymentsFrame([region({ id: 'old' }), region({ id: 'new' }, 5)]);
    expect(frame.fields.find(({ name }) => name === 'id')?.values).toEqual(['new', 'old']);
    expect(frame.fields.every(({ values }) => values.length === frame.length)).toBe(true);
  });

  it('gives a row for each finding, or those of one metric', () => {
    expect(scoresFrame([region()], '').length).toBe(1);
    expect(scoresFrame([region()], 'latency').length).toBe(0);
  });
});
