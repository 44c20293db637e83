import { AnswerTooLarge, askInPieces, type Piece } from '../ask-in-pieces.js';
import { SourceError } from '../port.js';

/** As `askInPieces`, for questions of an InfluxDB. @throws SourceError `too-many-series` when not even a single unit fits */
export async function inInfluxPieces(
  range: Piece,
  longest: number,
  ask: (piece: Piece) => Promise<void>,
): Promise<void> {
  try {
    await askInPieces(range, longest, ask);
  } catch (error) {
    throw error instanceof AnswerTooLarge && error.cause instanceof SourceError ? error.cause : error;
  }
}
