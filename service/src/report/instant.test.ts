import { describe, expect, it } from 'vitest';
import { formatAgo, formatClock, formatDuration, formatInstant, isoInstant, timeTag } from './instant.js';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const at = Date.UTC(2026, 10, 3, 3, 2, 9);

describe('instants', () => {
  it('are written in UTC to the second, with a machine-readable twin', () => {
    expect(plain(formatInstant(at))).toBe('3 Nov 2026, 03:02:09 UTC');
    expect(formatClock(at)).toBe('03:02:09');
    expect(plain(timeTag(at).toString())).toBe(
      '<time datetime="2026-11-03T03:02:09.000Z">3 Nov 2026, 03:02:09 UTC</time>',
    );
  });

  it('survive a clock beyond every calendar', () => {
    expect(isoInstant(9e15)).toBeUndefined();
    expect(timeTag(Number.NaN).toString()).toBe('unknown time');
  });
});

describe('lengths of time', () => {
  it.each([
    [0, '0 s'],
    [250, '250 ms'],
    [12_300, '12 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [266_400_000, '3 d 2 h'],
    [60_000, '1 min'],
    [Infinity, 'unknown'],
  ])('%d ms is %s', (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  it('say how long ago to a useful grain', () => {
    expect([500, 12_000, 920_000, -150_000].map((age) => plain(formatAgo(at - age, at)))).toEqual([
      'now',
      '12 s ago',
      '15 min ago',
      'in 2 min',
    ]);
  });
});
