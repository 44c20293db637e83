import { escapeHtml } from '../domain/escape-html.js';

export { escapeHtml } from '../domain/escape-html.js';

/** Text that is already safe to stand in an HTML or SVG document. Only `html` and `trusted` make it. */
export class Markup {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a `${…}` of `html`; nothing is printed for `undefined` and `false`. */
export type Piece = string | number | Markup | false | undefined | readonly Piece[];

/** Vouches for text that this code composed of numbers and constants only, such as path data. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/**
 * Template tag: every interpolation is escaped unless it is `Markup` itself. Attributes must be quoted in the template; white space of the
 * template itself is collapsed, that of interpolations is kept.
 * @example html`<p title="${name}">${name}</p>`
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const chunks = compact(strings);
  let text = chunks[0] ?? '';
  pieces.forEach((piece, index) => {
    text += print(piece) + (chunks[index + 1] ?? '');
  });
  return new Markup(text);
}

/** A template is compacted once, however often it is printed. */
const compacted = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Templates are laid out for their readers; browsers need none of it, and a page of many plots would grow by half. */
function compact(strings: TemplateStringsArray): readonly string[] {
  const known = compacted.get(strings);
  if (known !== undefined) return known;
  const chunks = strings.map((chunk) => chunk.replace(/\s+/g, ' ').replace(/ (\/?>)/g, '$1'));
  compacted.set(strings, chunks);
  return chunks;
}

function print(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (piece instanceof Markup) return piece.toString();
  if (typeof piece === 'string') return escapeHtml(piece);
  if (typeof piece === 'number') return String(piece);
  return piece.map(print).join('');
}
