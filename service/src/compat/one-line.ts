/**
 * Text of a sender as our own records take it: one line without control characters or broken surrogates, cut to a length.
 * @returns undefined where nothing is left
 */
export function oneLine(text: string | null | undefined, maxLength: number): string | undefined {
  const line = (text ?? '')
    .replaceAll(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, maxLength)
    .replaceAll(/\p{Cs}/gu, '');
  return line === '' ? undefined : line;
}
