import { StoreError } from '../port.js';

/** Position after the last item of a page; it names the item and not an offset, so that inserts cannot shift it. */
export interface Position {
  readonly startedAtMs: number;
  readonly id: string;
}

/** Opaque text of a position. */
export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.startedAtMs, position.id])).toString('base64url');
}

/** @throws StoreError `invalid-cursor` for anything that `encodeCursor` did not write */
export function decodeCursor(cursor: string): Position {
  const parsed = parse(Buffer.from(cursor, 'base64url').toString());
  if (Array.isArray(parsed) && parsed.length === 2) {
    const [startedAtMs, id] = parsed as readonly unknown[];
    if (typeof startedAtMs === 'number' && typeof id === 'string') return { startedAtMs, id };
  }
  throw new StoreError(
    'invalid-cursor',
    'cursor: not one that this service gave: take `nextCursor` of the page before, or leave it out',
    false,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
