/** An InfluxQL identifier: database, retention policy, measurement, field or tag name. */
export function quoteIdentifier(name: string): string {
  return `"${escaped(name, '"')}"`;
}

/** An InfluxQL string: the value of a tag. */
export function quoteString(value: string): string {
  return `'${escaped(value, "'")}'`;
}

/** What stands between the quotes of an InfluxQL string, or with `"` of an identifier. */
export function escaped(text: string, quote: "'" | '"'): string {
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
}
