export interface KolmogorovSmirnovTest {
  /** Largest distance of the two empirical distribution functions, 0–1. */
  readonly d: number;
  /** Two-sided, exact, in [0, 1]. */
  readonly p: number;
}

/** Largest |F − G| × n × m, a whole number, and so without rounding. */
function largestGap(x: Float64Array, y: Float64Array): number {
  const [n, m] = [x.length, y.length];
  let [i, j, largest] = [0, 0, 0];
  while (i < n && j < m) {
    const value = Math.min(x[i] ?? NaN, y[j] ?? NaN);
    while (i < n && x[i] === value) i += 1;
    while (j < m && y[j] === value) j += 1;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  return largest;
}

/**
 * P(gap ≥ the one seen) when both samples come from one continuous distribution: the share of lattice paths from (0, 0) to
 * (n, m) that touch |i·m − j·n| ≥ gap, by following the probability of a random order of the values (Hodges 1958).
 */
function touchingShare(n: number, m: number, gap: number): number {
  // inside[j]: probability that an order with i of x and j of y among its first has never touched.
  const inside = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1)
    for (let j = 0; j <= m; j += 1) {
      if (i === 0 && j === 0) inside[0] = 1;
      else if (Math.abs(i * m - j * n) >= gap) inside[j] = 0;
      else {
        // Backwards through a random order: the last of i + j values is of x with probability i / (i + j).
        const fromX = i === 0 ? 0 : (i / (i + j)) * (inside[j] ?? 0);
        const fromY = j === 0 ? 0 : (j / (i + j)) * (inside[j - 1] ?? 0);
        inside[j] = fromX + fromY;
      }
    }
  return Math.min(1, Math.max(0, 1 - (inside[m] ?? 0)));
}

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided and exact where there are no ties (conservative with them), as scipy's
 * `ks_2samp(method='exact')`. Takes values as independent; cost n × m.
 *
 * @returns d = 0 and p = 1 when a sample is empty
 * @example kolmogorovSmirnovTest(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)) // { d: 1, p: 0.1 }
 */
export function kolmogorovSmirnovTest(a: Float64Array, b: Float64Array): KolmogorovSmirnovTest {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) return { d: 0, p: 1 };
  const gap = largestGap(a.toSorted(), b.toSorted());
  return { d: gap / (n * m), p: gap === 0 ? 1 : touchingShare(n, m, gap) };
}
