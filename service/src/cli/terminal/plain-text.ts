/** Control characters, broken surrogates, and marks that turn the direction of the text around them. */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside as one line that cannot steer the terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(UNSAFE, '\u{fffd}');
}
