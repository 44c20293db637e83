import { createTheme } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import type { Region } from '../verdicts/region.js';
import type { WireVerdict } from '../verdicts/wire.js';
import { NOON_MS, region, wireVerdict } from '../verdicts/region.test-support.js';
import { drawRegions, type RegionScene } from './draw-regions.js';

const MINUTE = 60_000;
type Call = readonly [name: string, ...values: readonly unknown[]];

/** A canvas that remembers what was drawn: one pixel a second from noon on, 3600 wide. */
function drawn(regions: readonly Region[], scene: Partial<RegionScene> = {}): readonly Call[] {
  const calls: Call[] = [];
  const context = new Proxy({} as CanvasRenderingContext2D, {
    get:
      (_target, name) =>
      (...values: unknown[]) => {
        calls.push([String(name), ...values]);
        return name === 'measureText' ? { width: 80 } : undefined;
      },
    set: (_target, name, value) => {
      calls.push([`set ${String(name)}`, value]);
      return true;
    },
  });
  drawRegions(
    {
      context,
      box: { left: 0, top: 0, width: 3_600, height: 100 },
      xOf: (ms) => (ms - NOON_MS) / 1_000,
      msPerPixel: 1_000,
      pixelRatio: 1,
    },
    { regions, chosen: undefined, showOnset: true, theme: createTheme(), ...scene },
  );
  return calls;
}

const texts = (calls: readonly Call[]): readonly unknown[] =>
  calls.filter(([name]) => name === 'fillText').map(([, text]) => text);
/** Pixels that whole-height fills of a region cover, edges left out. */
const filled = (calls: readonly Call[]): number =>
  calls
    .filter(([name, , , width, height]) => name === 'fillRect' && height === 100 && Number(width) > 2)
    .reduce((sum, [, , , width]) => sum + Number(width), 0);
const many = (verdict: 'superseded' | 'continue') =>
  Array.from({ length: 200 }, (_, index) =>
    region(
      {
        id: `d-${index}`,
        latestVerdict: wireVerdict({ verdict, asOf: new Date(NOON_MS + 60 * MINUTE).toISOString() }),
      },
      index / 4,
    ),
  );

describe('deployments on the plot', () => {
  it('fills each moment once, however many lie on it', () => {
    expect(filled(drawn([region()]))).toBe(360);
    expect(filled(drawn([region(), region({ id: 'd-2' })]))).toBe(360);
    expect(filled(drawn(many('continue')))).toBeLessThanOrEqual(3_600);
  });

  it('hides no series behind deployments that nobody judged', () => {
    expect(filled(drawn(many('superseded')))).toBe(0);
  });

  it('writes a sign for each verdict, and the number where they are too near', () => {
    expect(texts(drawn([region()]))).toEqual(['✖']);
    expect(texts(drawn([region(), region({ id: 'd-2' }, 0.1)]))).toEqual(['✖2']);
    expect(texts(drawn(many('continue')))).toHaveLength(100);
  });

  it('draws nothing of what is not in sight', () => {
    expect(
      drawn([
        region({ latestVerdict: wireVerdict({ asOf: new Date(NOON_MS - MINUTE).toISOString() }) }, -30),
        region({}, 90),
      ]).filter(([name]) => name === 'fillRect'),
    ).toEqual([]);
  });

  it('says where the shift of the chosen one began', () => {
    const chosen = region();
    expect(texts(drawn([chosen], { chosen }))).toContain('shift began');
    expect(texts(drawn([chosen], { chosen, showOnset: false }))).not.toContain('shift began');
  });

  it.each([
    [1, 'left'],
    [59, 'right'],
  ])('writes so on the side where there is room: minute %d', (minute, side) => {
    const onset = { at: new Date(NOON_MS + minute * MINUTE).toISOString() };
    const attribution = { onset } as NonNullable<WireVerdict['attribution']>;
    const chosen = region({ latestVerdict: wireVerdict({ attribution }) });
    const sides = drawn([chosen], { chosen }).filter(([name]) => name === 'set textAlign');
    expect(sides.at(-1)).toEqual(['set textAlign', side]);
  });
});
