import type { ExpressionQuery } from '../port.js';
import { inInfluxPieces } from './in-influx-pieces.js';
import { createGrid, type ExpressionGrid } from './on-grid.js';

/**
 * Works a query out over its range, so many intervals at a time, and puts what comes onto its grid.
 * @param ask puts the answer to one piece onto the grid
 * @throws SourceError
 */
export async function evaluateInPieces(
  query: ExpressionQuery,
  intervalsAtATime: number,
  ask: (piece: ExpressionQuery, grid: ExpressionGrid) => Promise<void>,
): Promise<ExpressionGrid> {
  const grid = createGrid(query);
  const { fromMs, toMs, stepMs } = query;
  const count = Math.ceil((toMs - fromMs) / stepMs);
  await inInfluxPieces({ from: 0, to: count }, intervalsAtATime, ({ from, to }) =>
    ask({ ...query, fromMs: fromMs + from * stepMs, toMs: Math.min(toMs, fromMs + to * stepMs) }, grid),
  );
  return grid;
}
