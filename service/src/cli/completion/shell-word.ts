/** A text in single quotes, as every POSIX-like shell reads it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The first clause of a description, on one line: what fits beside a word. */
export function brief(description: string): string {
  return (description.split(/[;(\n]/)[0] ?? '').trim();
}
