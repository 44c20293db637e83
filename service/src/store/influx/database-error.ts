import { StoreError } from '../port.js';

/** What a failure of the database is for a pusher: to come again, or that part of the push cannot be taken. */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError || !('retryable' in error)) return error;
  const { message, retryable } = error;
  // A refused write may have stored the other points of the push; sent again, they replace themselves.
  if (/partial write|field type conflict|unable to parse/.test(message))
    return new StoreError('refused', message, false, { cause: error });
  const seconds = 'retryAfterSeconds' in error ? error.retryAfterSeconds : undefined;
  return new StoreError('unavailable', message, retryable === true, {
    cause: error,
    ...(typeof seconds === 'number' ? { retryAfterSeconds: seconds } : {}),
  });
}
