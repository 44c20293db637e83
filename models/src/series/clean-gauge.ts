/** Sizes beyond this are nonsense of a source; their sums and squares would overflow. */
const LARGEST = 1e100;
/** Sizes below this are zero; their quotients would overflow. */
const SMALLEST = 1e-100;

/** Blanks what no metric can mean (infinite or absurdly large) and rounds what is nothing to 0. */
export function cleanGauge(values: Float64Array): Float64Array {
  return values.map((value) => {
    const size = Math.abs(value);
    if (!(size <= LARGEST)) return NaN;
    return size < SMALLEST ? 0 : value;
  });
}
