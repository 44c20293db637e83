import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';

describe('options of the quality bench', () => {
  it('take the folder from the command line or the environment, and the training part unless told', () => {
    expect(readOptions(['--cases', 'a', '--set', 'x', '--set', 'y', '--workers', '3'], {})).toEqual({
      dir: 'a',
      sets: ['x', 'y'],
      part: 'train',
      out: 'quality-train',
      workers: 3,
      isLearnedAsked: false,
    });
    expect(readOptions(['--cases', 'a', '--learned'], {}).isLearnedAsked).toBe(true);
    expect(readOptions(['--part', 'test', '--out', 'o'], { BELLWETHER_CASES: 'b' })).toMatchObject({
      dir: 'b',
      part: 'test',
      out: 'o',
    });
  });

  it.each([
    [[], /--cases/],
    [['--cases', 'a', '--part', 'both'], /--part: "both" is none; give train, test or all/],
    [['--cases', 'a', '--workers', '0'], /--workers: "0"/],
    [['--cases', 'a', '--tune'], /--tune[^]*npm run bench:quality/],
  ])('name what is wrong: %j', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(message);
  });
});
