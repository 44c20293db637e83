/**
 * Coefficients that predict `targets` from `rows` with the smallest squared error, by the normal equations with a small ridge
 * (Hoerl & Kennard 1970), so that constant or repeated columns do no harm.
 *
 * @param rows one array of the same length an observation; put a 1 in for an intercept
 * @param ridge relative to the mean diagonal of the normal equations, > 0
 * @returns one coefficient a column; zeros without an observation
 * @example leastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5], 1e-9) // about [1, 2]
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  ridge: number,
): Float64Array {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  rows.forEach((row, index) => {
    const target = targets[index] ?? NaN;
    for (let i = 0; i < size; i += 1) {
      const line = matrix[i];
      const factor = row[i] ?? NaN;
      if (line === undefined) continue;
      for (let j = 0; j < size; j += 1) line[j] = (line[j] ?? 0) + factor * (row[j] ?? NaN);
      line[size] = (line[size] ?? 0) + factor * target;
    }
  });
  const diagonal = matrix.reduce((sum, line, i) => sum + (line[i] ?? 0), 0) / Math.max(1, size);
  matrix.forEach((line, i) => (line[i] = (line[i] ?? 0) + ridge * diagonal + Number.MIN_VALUE));
  return solve(matrix, size);
}

/** Gaussian elimination of a positive definite system, its right side in the last column. */
function solve(matrix: readonly Float64Array[], size: number): Float64Array {
  matrix.forEach((pivotLine, pivot) => {
    const lead = pivotLine[pivot] ?? NaN;
    for (const line of matrix.slice(pivot + 1)) {
      const factor = (line[pivot] ?? 0) / lead;
      for (let column = pivot; column <= size; column += 1)
        line[column] = (line[column] ?? 0) - factor * (pivotLine[column] ?? 0);
    }
  });
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row -= 1) {
    const line = matrix[row];
    let rest = line?.[size] ?? 0;
    for (let column = row + 1; column < size; column += 1)
      rest -= (line?.[column] ?? 0) * (solution[column] ?? 0);
    const value = rest / (line?.[row] ?? NaN);
    solution[row] = Number.isFinite(value) ? value : 0;
  }
  return solution;
}
