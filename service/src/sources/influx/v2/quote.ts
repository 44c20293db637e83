/** A Flux string. */
export function quoteFlux(text: string): string {
  return `"${escapedInFlux(text)}"`;
}

/** What stands between the quotes of a Flux string; `${` would begin an expression. */
export function escapedInFlux(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('${', '\\${')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}
