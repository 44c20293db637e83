import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietMoment, type QuietTime } from './quiet-moment.js';

const minute = 60_000;
const hour = 60 * minute;
const time: QuietTime = {
  nowMs: 100 * hour,
  quietSinceMs: 0,
  intervalMs: minute,
  settleMs: 2 * minute,
  plannedLooks: 30,
  everyMs: hour,
};

describe('quietMoment', () => {
  it('leaves the watch its time to settle, and reaches back for as long as checks are apart', () => {
    expect(quietMoment(time, 0)).toBe(100 * hour - 33 * minute - hour);
    expect(quietMoment(time, 0.999_999_999)).toBe(100 * hour - 33 * minute);
  });

  it('waits for a quiet hour before it, and never judges an interval twice', () => {
    expect(quietMoment({ ...time, quietSinceMs: time.nowMs - 92 * minute }, 0)).toBeUndefined();
    expect(quietMoment({ ...time, quietSinceMs: time.nowMs - 93 * minute }, 0.7)).toBe(
      time.nowMs - 33 * minute,
    );
    expect(quietMoment({ ...time, lastMomentMs: time.nowMs - 62 * minute }, 0)).toBeUndefined();
    expect(quietMoment({ ...time, lastMomentMs: time.nowMs - 63 * minute }, 0)).toBe(
      time.nowMs - 33 * minute,
    );
  });

  it('keeps all its distances whatever the times are', () => {
    const ms = fc.integer({ min: 0, max: 200 * hour });
    fc.assert(
      fc.property(
        ms,
        ms,
        ms,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (nowMs, quietSinceMs, lastMomentMs, share) => {
          const at = quietMoment({ ...time, nowMs, quietSinceMs, lastMomentMs }, share);
          if (at === undefined) return;
          expect(at).toBeGreaterThanOrEqual(quietSinceMs + hour);
          expect(at).toBeGreaterThanOrEqual(lastMomentMs + 30 * minute);
          expect(at + 32 * minute).toBeLessThanOrEqual(nowMs);
        },
      ),
      { seed: 3 },
    );
  });
});
