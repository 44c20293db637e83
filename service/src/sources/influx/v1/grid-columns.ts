import type { ExpressionGrid } from '../on-grid.js';
import type { Influx1Series } from './decode.js';

/** Label of the measurement until all is there: no tag can have this name. */
export const MEASUREMENT = '\u0000measurement';

/**
 * Puts a piece of an answer on the grid. Several columns make series of their own, told apart by the label `column`; so do measurements,
 * and whether there are several is known when all pieces are there.
 */
export function gridColumns(series: readonly Influx1Series[], grid: ExpressionGrid): void {
  for (const one of series) {
    const measured = one.columns.filter((column) => column !== 'time');
    for (const column of measured) {
      const labels = {
        ...one.tags,
        [MEASUREMENT]: one.name,
        ...(measured.length > 1 ? { column } : {}),
      };
      gridColumn(one, column, labels, grid);
    }
  }
}

function gridColumn(
  { columns, values }: Influx1Series,
  column: string,
  labels: Readonly<Record<string, string>>,
  grid: ExpressionGrid,
): void {
  const [timeAt, at] = [columns.indexOf('time'), columns.indexOf(column)];
  for (const row of values) {
    const [timeMs, value] = [row[timeAt], row[at]];
    if (typeof timeMs === 'number' && typeof value === 'number') grid.add(labels, timeMs, value);
  }
}
