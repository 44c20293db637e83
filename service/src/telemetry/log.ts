import { pino, type Logger } from 'pino';

/** Where secrets could hide in what is logged; their content is replaced. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'token', 'bearerToken'];
const REDACTED = [
  ...SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
  'req.headers.authorization',
  'req.headers.cookie',
];

/** Secrets by their look, wherever they stand: in the text of an error, in an address. */
const SECRET_TEXTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\bbw_([A-Za-z0-9-]{1,64})_[A-Za-z0-9_-]{43,128}/g, 'bw_$1_[redacted]'],
  [/\bwhsec_[A-Za-z0-9+/]{16,}={0,2}/g, 'whsec_[redacted]'],
  [/\b(authorization\W{1,4}(?:Bearer|Basic|Token)) [^\s"\\]+/gi, '$1 [redacted]'],
  [/\b(Bearer) [A-Za-z0-9._~+/-]{16,}={0,2}/g, '$1 [redacted]'],
  [/(\/\/)[^/\s"@:]+:[^/\s"@]+@/g, '$1[redacted]@'],
];

/**
 * JSON lines to standard error. Levels say who must act: error somebody now, warn somebody soon, info nobody. What looks like a
 * secret of Bellwether's, a bearer token or a password in an address is blotted out of every line.
 */
export function createLog(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino(
    {
      level,
      redact: { paths: REDACTED, censor: '[redacted]' },
      base: { name: 'bellwether' },
      hooks: {
        streamWrite: (line) =>
          SECRET_TEXTS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line),
      },
    },
    destination as never,
  );
}
