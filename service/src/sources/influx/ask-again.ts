import pRetry from 'p-retry';
import { SourceError } from '../port.js';
import type { ClientParts } from './exchange.js';

/** Attempts after the first; whoever asked tries again later anyway. */
const RETRIES = 2;
/** Pause before the first of them; the next is three times as long. */
const FIRST_PAUSE_MS = 250;

/** Asks again where a moment later may help: nothing answered, or nothing that could be read. @throws SourceError also when the service stops meanwhile */
export async function askAgain<T>(
  source: string,
  { stop, pauseMs }: ClientParts,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await pRetry(attempt, {
      retries: RETRIES,
      minTimeout: pauseMs ?? FIRST_PAUSE_MS,
      factor: 3,
      randomize: true,
      signal: stop,
      shouldRetry: ({ error }) => error instanceof SourceError && error.code === 'unavailable',
    });
  } catch (cause) {
    if (!stop.aborted || cause instanceof SourceError) throw cause;
    const text = `source "${source}" is not asked: the service is stopping`;
    throw new SourceError('unavailable', text, true, { cause });
  }
}
