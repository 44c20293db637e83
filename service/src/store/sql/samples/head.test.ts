import { describe, expect, it } from 'vitest';
import { Head } from './head.js';
import type { PointsBySeries } from './log-codec.js';

const points = (series: readonly number[], value: number): PointsBySeries =>
  new Map(series.map((id) => [id, new Map([[1, value]])]));
const ids = (head: Head, count: number): readonly number[] => head.nextToFold(count).map(([id]) => id);

describe('the head', () => {
  it('prefers what came after a fold began to what is being folded', () => {
    const head = new Head(1);
    head.add(points([7], 1), 1);
    head.beginFold();
    head.add(points([7], 2), 2);
    expect([...head.points(7, 0, 9)]).toEqual([[1, 2]]);
    head.folded([7]);
    expect([...head.points(7, 0, 9)]).toEqual([[1, 2]]);
  });

  it('folds what it held when the fold began, and only that log', () => {
    const head = new Head(1);
    head.add(points([1, 2, 3], 1), 5);
    head.beginFold();
    head.add(points([4], 1), 6);
    head.beginFold();
    expect(head.foldSequence).toBe(5);
    expect(ids(head, 2)).toEqual([1, 2]);
    head.folded([1, 2]);
    expect(ids(head, 2)).toEqual([3]);
    expect([1, 3, 4].map((id) => head.hasSeries(id))).toEqual([false, true, true]);
  });

  it('is full when its points are worth rewriting chunks for', () => {
    const head = new Head(100);
    head.add(new Map([[1, new Map(Array.from({ length: 99 }, (_, at) => [at, at]))]]), 1);
    expect(head.isFull).toBe(false);
    head.add(new Map([[1, new Map([[98, 0]])]]), 2);
    expect(head.isFull).toBe(false);
    head.add(new Map([[1, new Map([[99, 0]])]]), 3);
    expect(head.isFull).toBe(true);
  });
});
