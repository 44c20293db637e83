import { z } from 'zod';

const CONTROL = /[\p{Cc}\p{Cs}]/u;
/** The same, but a new line and a tab may stand. */
const CONTROL_IN_PROSE = /[^\P{Cc}\n\t]|\p{Cs}/u;

/** True when the text can be stored and shown on one line: no control characters, no broken surrogates. */
export function isPlainText(text: string): boolean {
  return !CONTROL.test(text);
}

/** One line of text for people. */
export function lineOfText(maxLength: number) {
  return z
    .string()
    .min(1, 'is empty; give some text or leave the field out')
    .max(maxLength)
    .refine(isPlainText, 'contains a control character; remove it');
}

/** Text that may run over several lines. */
export function prose(maxLength: number) {
  return z
    .string()
    .min(1, 'is empty; give some text or leave the field out')
    .max(maxLength)
    .refine((text) => !CONTROL_IN_PROSE.test(text), 'contains a control character; remove it');
}

/** A name that tokens are scoped by and that stands in addresses: project, service, environment. */
export function placeName() {
  return z
    .string()
    .max(128)
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/,
      'is not a name; use letters, digits and . _ : / @ + - and begin with a letter or digit',
    );
}

/** An identifier that stands in a path. */
export const identifier = z
  .string()
  .max(128)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
    'is not an identifier; use letters, digits and . _ : - and begin with a letter or digit',
  );

/** An RFC 3339 time with its offset; the output is milliseconds since 1970 (event time). */
export const instant = z.iso
  .datetime({
    offset: true,
    error: 'is not an RFC 3339 time with an offset; write it as "2026-01-31T12:00:00Z"',
  })
  .meta({ example: '2026-01-31T12:00:00Z' })
  .transform((text) => Date.parse(text));

/** An RFC 3339 time as it goes out, always UTC with milliseconds. */
export const instantOut = z.iso.datetime().meta({ example: '2026-01-31T12:00:00.000Z' });

/** An address that people click on; nothing that a browser would run. */
export const webAddress = z
  .string()
  .max(2_000)
  .refine(
    isWebAddress,
    'is not an address; give one that begins with https:// or http:// and holds no password',
  )
  .meta({ format: 'uri', example: 'https://ci.example.com/run/17' });

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text) || !isPlainText(text)) return false;
  const url = new URL(text);
  return (
    (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
  );
}

export const share = z.number().gt(0).lte(1);
