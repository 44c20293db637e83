import { describe, expect, it } from 'vitest';
import { withoutRepeats } from './without-repeats.js';

const refused = (metric: string, fromMs: number) => ({
  ...{ code: 'bad-query', metric },
  text: `${metric} could not be read: refused: no such function. Query: SELECT f(x)\nWHERE time >= ${fromMs}ms`,
});

describe('reasons of a verdict', () => {
  it('say once that a query fails for the history and for what came since', () => {
    const other = { code: 'short-history', text: 'too short' };
    const reasons = [refused('latency', 20), other, refused('latency', 0), refused('errors', 0)];
    expect(withoutRepeats(reasons)).toEqual([refused('latency', 20), other, refused('errors', 0)]);
  });

  it('keep what differs before the query', () => {
    const slow = { ...refused('latency', 0), text: 'latency could not be read: too slow. Query: SELECT 1' };
    expect(withoutRepeats([refused('latency', 0), slow])).toHaveLength(2);
  });
});
