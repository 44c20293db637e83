import { pino, type Logger } from 'pino';

/** Where secrets could hide in what is logged; their content is replaced. */
const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  '*.secret',
  '*.token',
  'headers.authorization',
];

/** JSON lines to standard error. Levels say who must act: error somebody now, warn somebody soon, info nobody. */
export function createLog(level: string, destination: NodeJS.WritableStream = process.stderr): Logger {
  return pino(
    { level, redact: { paths: REDACTED, censor: '[redacted]' }, base: { name: 'bellwether' } },
    destination as never,
  );
}
