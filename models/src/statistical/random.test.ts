import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';

function moments(draw: () => number, count: number): { readonly mean: number; readonly variance: number } {
  let mean = 0;
  let squares = 0;
  for (let i = 1; i <= count; i += 1) {
    const value = draw();
    const step = value - mean;
    mean += step / i;
    squares += step * (value - mean);
  }
  return { mean, variance: squares / count };
}

describe('createRandom', () => {
  it('repeats its stream for a seed and differs between seeds, large ones too', () => {
    const stream = (seed: number): string => Array.from({ length: 5 }, createRandom(seed).uniform).join();
    expect(stream(7)).toBe(stream(7));
    const seeds = [0, 1, -1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 40 + 1];
    expect(new Set(seeds.map(stream)).size).toBe(seeds.length);
  });

  it('keeps the stream of earlier releases, on which stored verdicts rest', () => {
    const random = createRandom(42);
    expect([random.uniform(), random.normal(), random.poisson(3), random.poisson(300), random.integer(1000)])
      .toMatchInlineSnapshot(`
      [
        0.6489786181053192,
        0.10030695069934954,
        3,
        330,
        971,
      ]
    `);
  });

  it('draws uniforms with the right moments, bins and serial independence', () => {
    const random = createRandom(1);
    const bins = new Float64Array(64);
    let previous = 0.5;
    let serial = 0;
    const count = 200_000;
    const { mean, variance } = moments(() => {
      const value = random.uniform();
      bins[Math.floor(value * 64)] = (bins[Math.floor(value * 64)] ?? 0) + 1;
      serial += (value - 0.5) * (previous - 0.5);
      previous = value;
      return value;
    }, count);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
    expect(Math.abs((serial / count) * 12)).toBeLessThan(4 / Math.sqrt(count));
    const chiSquare = bins.reduce((sum, n) => sum + (n - count / 64) ** 2 / (count / 64), 0);
    expect(chiSquare).toBeGreaterThan(30);
    expect(chiSquare).toBeLessThan(110);
  });

  it('draws normals with the right moments and tails', () => {
    const random = createRandom(2);
    const count = 200_000;
    let beyond = 0;
    const { mean, variance } = moments(() => {
      const value = random.normal();
      if (Math.abs(value) > 1.959964) beyond += 1;
      return value;
    }, count);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(0.015);
    expect(Math.abs(beyond / count - 0.05)).toBeLessThan(0.002);
  });

  it.each([0.05, 3, 9.9, 10, 42, 1000, 1e8])('draws Poisson counts of mean %d', (expected) => {
    const random = createRandom(3);
    const count = 60_000;
    const { mean, variance } = moments(() => random.poisson(expected), count);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(expected / count));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt((2 + 1 / expected) / count));
  });

  it('draws the Poisson probabilities themselves on both sides of the change of algorithm', () => {
    for (const mean of [9.99, 10.01]) {
      const random = createRandom(4);
      const seen = new Float64Array(60);
      const count = 100_000;
      for (let i = 0; i < count; i += 1) {
        const value = random.poisson(mean);
        seen[value] = (seen[value] ?? 0) + 1;
      }
      let probability = Math.exp(-mean);
      for (let k = 0; k < 25; k += 1) {
        const deviation = Math.sqrt(count * probability);
        expect(Math.abs((seen[k] ?? 0) - count * probability), `${mean}: ${k}`).toBeLessThan(
          4.5 * deviation + 1,
        );
        probability *= mean / (k + 1);
      }
    }
  });

  it('draws integers over the whole range and nothing else', () => {
    const random = createRandom(5);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.integer(1)).toBe(0);
    expect(random.poisson(0)).toBe(0);
  });

  it('names what is out of range', () => {
    expect(() => createRandom(NaN)).toThrow('seed must be a finite number');
    expect(() => createRandom(1).poisson(-1)).toThrow('mean must be finite');
    expect(() => createRandom(1).poisson(Infinity)).toThrow('mean must be finite');
    expect(() => createRandom(1).integer(0)).toThrow('below must be a whole number');
    expect(() => createRandom(1).integer(2.5)).toThrow('below must be a whole number');
  });
});
