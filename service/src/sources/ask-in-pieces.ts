/** The answer to a question is longer than this process reads in one piece. */
export class AnswerTooLarge extends Error {}

/** Whole units (points, milliseconds) from `from` up to but without `to`. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/**
 * Asks for a long range piece by piece, in order. Where an answer is too large the piece is made smaller, and stays so for the rest.
 *
 * @param longest most units in a piece
 * @throws AnswerTooLarge when not even a single unit fits; whatever `ask` throws
 */
export async function askInPieces<T>(
  range: Piece,
  longest: number,
  ask: (piece: Piece) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  let size = longest;
  let from = range.from;
  while (from < range.to) {
    const to = Math.min(range.to, from + size);
    try {
      answers.push(await ask({ from, to }));
      from = to;
    } catch (error) {
      if (!(error instanceof AnswerTooLarge) || to - from <= 1) throw error;
      size = Math.ceil((to - from) / 4);
    }
  }
  return answers;
}
