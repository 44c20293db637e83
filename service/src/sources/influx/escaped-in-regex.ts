/** Part of a regular expression between slashes (RE2, in InfluxQL and Flux alike) that matches the text and nothing else. */
export function escapedInRegex(text: string): string {
  return text
    .replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
    .replaceAll('/', '\\/')
    .replaceAll('\n', '\\n');
}
