import { Agent } from 'undici';
import { createGuardedConnector, RefusedError, systemResolver, type TlsOptions } from './guarded-connect.js';
import type { UrlGuard } from './url-guard.js';

export interface LineStream {
  readonly status: number;
  /** Lines as they arrive, without their ends; of any answer but 200 what came of its body. */
  readonly lines: AsyncIterable<string>;
}

/** Opens an answer that goes on for long. Ends when the server ends it, the signal says so, or nothing came for too long. */
export interface GuardedStream {
  (request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  }): Promise<LineStream>;
  readonly close: () => Promise<void>;
}

/**
 * An HTTP client for answers that are read line by line, which goes only where the guard lets it.
 * @param idleMs how long nothing may come, in milliseconds
 * @param maxLineBytes a longer line breaks the stream
 */
export function createGuardedStream(
  guard: UrlGuard,
  options: { readonly idleMs: number; readonly maxLineBytes: number; readonly tls?: TlsOptions },
): GuardedStream {
  const agent = new Agent({
    connect: createGuardedConnector(guard, systemResolver, options.idleMs, options.tls),
    pipelining: 0,
    headersTimeout: options.idleMs,
    bodyTimeout: options.idleMs,
  });
  const open = async ({ url: text, headers, signal }: Parameters<GuardedStream>[0]): Promise<LineStream> => {
    const check = guard.checkUrl(text);
    if (check.kind === 'refused') throw new RefusedError(check);
    const { origin, pathname, search } = check.url;
    const path = `${pathname}${search}`;
    const response = await agent.request({ origin, path, method: 'GET', headers, signal });
    return { status: response.statusCode, lines: linesOf(response.body, options.maxLineBytes) };
  };
  return Object.assign(open, { close: () => agent.destroy() });
}

async function* linesOf(body: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString('utf8');
      rest = rest.subarray(end + 1);
    }
    if (rest.length > maxBytes) throw new Error(`a line is longer than ${maxBytes} bytes`);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}
