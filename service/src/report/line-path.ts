/** Points of a plot in its own coordinates: x rising, y null where there is nothing to draw. */
export interface PlotPoints {
  readonly xs: readonly number[];
  readonly ys: readonly (number | null)[];
}

/**
 * Thins points to at most two a column (lowest and highest, in order), so that no spike is lost and the path stays short.
 * A column without any value stays a gap. Points that already fit are returned as they are.
 * @param width columns, in x units of one each
 */
export function thinPoints(points: PlotPoints, width: number): PlotPoints {
  if (points.xs.length <= width) return points;
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  const size = points.xs.length / width;
  for (let column = 0; column < width; column += 1) {
    const kept = extremes(points.ys, Math.floor(column * size), Math.floor((column + 1) * size));
    for (const index of kept) {
      xs.push(points.xs[index] ?? 0);
      ys.push(points.ys[index] ?? null);
    }
  }
  return { xs, ys };
}

/** Indices of the lowest and highest value in `[from, to)`, ascending; the first index when there is no value. */
function extremes(values: readonly (number | null)[], from: number, to: number): readonly number[] {
  let low = -1;
  let high = -1;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? null;
    if (value === null) continue;
    if (low === -1 || value < (values[low] ?? 0)) low = index;
    if (high === -1 || value > (values[high] ?? 0)) high = index;
  }
  if (low === -1) return [from];
  return low === high ? [low] : low < high ? [low, high] : [high, low];
}

/** Path data of a line with a hole at every null; a lone point becomes a dot (needs round line caps). Relative moves keep it short. */
export function linePath({ xs, ys }: PlotPoints): string {
  let path = '';
  let lastX = 0;
  let lastY: number | null = null;
  for (let index = 0; index < ys.length; index += 1) {
    const y = ys[index] ?? null;
    if (y === null) {
      lastY = null;
      continue;
    }
    const [atX, atY] = [Math.round(xs[index] ?? 0), Math.round(y)];
    path +=
      lastY === null ? start(atX, atY, (ys[index + 1] ?? null) === null) : `l${atX - lastX} ${atY - lastY}`;
    lastX = atX;
    lastY = atY;
  }
  return path;
}

function start(x: number, y: number, isLone: boolean): string {
  return `M${x} ${y}${isLone ? 'h0' : ''}`;
}

/** Path data of the area between two lines, cut wherever either is missing. */
export function bandPath(
  xs: readonly number[],
  lows: readonly (number | null)[],
  highs: readonly (number | null)[],
): string {
  let path = '';
  let start = 0;
  for (let index = 0; index <= xs.length; index += 1) {
    const isGap = index === xs.length || (lows[index] ?? null) === null || (highs[index] ?? null) === null;
    if (!isGap) continue;
    if (index > start) path += closed(xs, lows, highs, start, index);
    start = index + 1;
  }
  return path;
}

/** The upper edge from left to right, then the lower one back. */
function closed(
  xs: readonly number[],
  lows: readonly (number | null)[],
  highs: readonly (number | null)[],
  from: number,
  to: number,
): string {
  const upper = linePath({ xs: xs.slice(from, to), ys: highs.slice(from, to) }).replace('h0', '');
  const lower = linePath({ xs: xs.slice(from, to).reverse(), ys: lows.slice(from, to).reverse() }).replace(
    'h0',
    '',
  );
  return `${upper}${lower.replace('M', 'L')}z`;
}

/** Half-open index ranges `[from, to)` in which every value is missing. */
export function gapRanges(
  values: readonly (number | null)[],
): readonly (readonly [from: number, to: number])[] {
  const ranges: (readonly [number, number])[] = [];
  let start = -1;
  for (let index = 0; index <= values.length; index += 1) {
    const isGap = index < values.length && (values[index] ?? null) === null;
    if (isGap && start === -1) start = index;
    if (!isGap && start !== -1) {
      ranges.push([start, index]);
      start = -1;
    }
  }
  return ranges;
}
