/** One line of the line protocol, cut into its parts; escapes are still in them. */
export interface Line {
  /** Measurement and tags: what tells a series apart, but for the field. */
  readonly key: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Digits of the time; '' when the sender leaves it to the server. */
  readonly time: string;
}

/**
 * Cuts a line at the spaces, commas and equals signs that are not escaped and not within a quoted text.
 * @returns undefined when it is no line of the protocol
 * @example scanLine('cpu,host=a idle=12.5,n=3i 1700000000') // { key: 'cpu,host=a', fields: [['idle', '12.5'], ['n', '3i']], time: '1700000000' }
 */
export function scanLine(line: string): Line | undefined {
  const keyEnd = next(line, 0, ' ');
  const fields: (readonly [string, string])[] = [];
  let at = skipSpaces(line, keyEnd);
  do {
    const nameEnd = next(line, at, '=');
    const valueEnd = endOfValue(line, nameEnd + 1);
    if (nameEnd === at || nameEnd >= line.length || valueEnd === nameEnd + 1) return undefined;
    fields.push([line.slice(at, nameEnd), line.slice(nameEnd + 1, valueEnd)]);
    at = valueEnd + 1;
  } while (line[at - 1] === ',');
  const time = line.slice(at).trim();
  if (keyEnd === 0 || fields.length === 0 || !/^(?:-?\d{1,19})?$/.test(time)) return undefined;
  return { key: line.slice(0, keyEnd), fields, time };
}

/** Splits at a separator that is not escaped. */
export function splitUnescaped(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  for (let from = 0; from <= text.length;) {
    const end = next(text, from, separator);
    parts.push(text.slice(from, end));
    from = end + 1;
  }
  return parts;
}

/** Takes the backslash from before a comma, an equals sign and a space; elsewhere it stands for itself. */
export function unescapeName(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([,= ])/g, '$1') : text;
}

/** Where the next unescaped separator is, or the end. */
function next(text: string, from: number, separator: string): number {
  for (let at = from; ; at += 1) {
    at = text.indexOf(separator, at);
    if (at === -1) return text.length;
    if (!isEscaped(text, at, from)) return at;
  }
}

function isEscaped(text: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - slashes > from && text[at - slashes - 1] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** Commas and spaces within a quoted text are part of it. */
function endOfValue(line: string, from: number): number {
  let at = from;
  if (line[from] === '"') {
    at = next(line, from + 1, '"') + 1;
    if (at > line.length) return from;
  }
  return Math.min(next(line, at, ','), next(line, at, ' '));
}

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ') at += 1;
  return at;
}
