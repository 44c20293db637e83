/** What one check of `doctor` found. */
export interface Finding {
  /** What was looked at, such as `store` or `webhook "pipeline"`. */
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail };
}

export function warn(check: string, detail: string, remedy?: string): Finding {
  return { check, status: 'warn', detail, ...(remedy === undefined ? {} : { remedy }) };
}

export function fail(check: string, detail: string, remedy?: string): Finding {
  return { check, status: 'fail', detail, ...(remedy === undefined ? {} : { remedy }) };
}

/** A failure from an error, whose message is `detail; remedy` where it has a remedy. */
export function failure(check: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const at = message.indexOf('; ');
  return at < 0 ? fail(check, message) : fail(check, message.slice(0, at), message.slice(at + 2));
}
