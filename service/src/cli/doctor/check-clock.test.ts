import { describe, expect, it } from 'vitest';
import { checkClock } from './check-clock.js';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const answer = (offMs: number) => ({
  sentMs: NOW_MS,
  receivedMs: NOW_MS + 20,
  date: new Date(NOW_MS + offMs).toUTCString(),
});

describe('the clock', () => {
  it.each([
    [0, 'ok', 'agrees'],
    [-900, 'ok', 'agrees'],
    [10_000, 'warn', '10 s behind'],
    [-10_000, 'warn', '9 s ahead of'],
    [120_000, 'fail', '120 s behind'],
  ] as const)('that is %i ms off: %s', (offMs, status, detail) => {
    const found = checkClock(answer(offMs), NOW_MS);
    expect(found.status).toBe(status);
    expect(found.detail).toContain(detail);
  });

  it('is judged by common sense where there is no server', () => {
    expect(checkClock(undefined, NOW_MS).status).toBe('ok');
    expect(checkClock(undefined, 0).status).toBe('fail');
    expect(checkClock({ sentMs: 0, receivedMs: 0, date: null }, NOW_MS).status).toBe('ok');
  });
});
