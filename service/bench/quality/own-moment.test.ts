import { describe, expect, it } from 'vitest';
import type { PreparedWindow } from '../../src/app/rehearse/prepare-window.js';
import { decodeWindow } from '../../src/app/rehearse/decode-window.js';
import { prepareWindow } from '../../src/app/rehearse/prepare-window.js';
import { ownMoment } from './own-moment.js';

const DAY_SECONDS = 86_400;
/** Wednesday 3 January 2024, 00:00 UTC. */
const WEDNESDAY = 1_704_240_000;
const STEP = 300;

/** A window of an hour that begins at a time; ten days of five-minute values before it. */
function window(changeAt: number, valueAt: (seconds: number) => number | null): PreparedWindow {
  const count = (10 * DAY_SECONDS + 3600) / STEP;
  const times = Array.from({ length: count }, (_, index) => changeAt - 10 * DAY_SECONDS + index * STEP);
  const metric = { name: 'm', kind: 'traffic', role: 'treatment', t: times, v: times.map(valueAt) };
  const blind = { id: 'w', change_at: changeAt, interval_s: STEP, metrics: [metric] };
  const ready = prepareWindow(
    decodeWindow(blind, () => undefined),
    {},
  );
  if ('reason' in ready) throw new Error(ready.reason.text);
  return ready;
}

/** Highest at noon, lowest at midnight. */
function daily(seconds: number): number {
  return 100 - 50 * Math.cos((2 * Math.PI * seconds) / DAY_SECONDS);
}

/** The same with half as much on Saturday and Sunday. */
function weekly(seconds: number): number {
  const weekday = new Date(1000 * seconds).getUTCDay();
  return daily(seconds) * (weekday === 0 || weekday === 6 ? 0.5 : 1);
}

describe('the moment of a window by its own past', () => {
  it.each([
    [6, 'morning ramp'],
    [18, 'evening ramp'],
    [12, 'other'],
    [0, 'other'],
  ])('at %d o’clock of a working day is: %s', (hour, moment) => {
    expect(ownMoment(window(WEDNESDAY + hour * 3600, daily))).toBe(moment);
  });

  it.each([
    [3, 10, 'weekend edge'],
    [5, 10, 'weekend edge'],
    [4, 13, 'other'],
    [2, 6, 'morning ramp'],
  ])('is a weekend edge where the day before misleads (%d days on, %d o’clock: %s)', (days, hour, moment) => {
    expect(ownMoment(window(WEDNESDAY + days * DAY_SECONDS + hour * 3600, weekly))).toBe(moment);
  });

  it('is none of them where the weekend is as any day, nor where there is nothing to see', () => {
    const saturday = WEDNESDAY + 3 * DAY_SECONDS;
    expect(ownMoment(window(saturday + 6 * 3600, daily))).toBe('morning ramp');
    expect(ownMoment(window(saturday, () => 5))).toBe('other');
    expect(ownMoment(window(saturday, () => null))).toBe('other');
  });

  it('looks at nothing since the change', () => {
    const changeAt = WEDNESDAY + 12 * 3600;
    const jump = (seconds: number): number =>
      daily(seconds) * (seconds >= changeAt ? 1 + (seconds - changeAt) / 600 : 1);
    expect(ownMoment(window(changeAt, jump))).toBe('other');
  });
});
