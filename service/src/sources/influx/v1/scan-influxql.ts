/** A stretch of InfluxQL; the text of a quoted one is without its quotes, as it was written. */
export interface Piece {
  readonly kind: 'bare' | 'string' | 'identifier' | 'regex';
  readonly text: string;
}

const QUOTES = { "'": 'string', '"': 'identifier' } as const;
/** A slash after one of these begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:=~|!~|[(,]|\b(?:from|select|by))\s*$/i;

/**
 * Cuts InfluxQL into what is quoted and what is not.
 * @returns undefined when a quote is not closed, or there is a comment, in which quotes would mean nothing
 */
export function scanInfluxql(text: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let bare = '';
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    const kind = quotedKind(character, bare);
    if (kind === undefined) {
      bare += character;
      at += 1;
      continue;
    }
    const end = endOfQuoted(text, at);
    if (end === undefined) return undefined;
    pieces.push({ kind: 'bare', text: bare }, { kind, text: text.slice(at + 1, end) });
    bare = '';
    at = end + 1;
  }
  pieces.push({ kind: 'bare', text: bare });
  return pieces.some((piece) => piece.kind === 'bare' && /--|\/\*/.test(piece.text)) ? undefined : pieces;
}

function quotedKind(character: string, before: string): Exclude<Piece['kind'], 'bare'> | undefined {
  if (character === "'" || character === '"') return QUOTES[character];
  return character === '/' && BEFORE_REGEX.test(before) ? 'regex' : undefined;
}

function endOfQuoted(text: string, from: number): number | undefined {
  const quote = text.charAt(from);
  for (let at = from + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  return undefined;
}
