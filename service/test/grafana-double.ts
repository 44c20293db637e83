import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An annotation as Grafana's API keeps it. */
export interface StoredAnnotation {
  readonly id: number;
  readonly dashboardUID?: string;
  readonly panelId?: number;
  readonly time: number;
  readonly timeEnd: number;
  readonly tags: readonly string[];
  readonly text: string;
}

interface Call {
  readonly method: string;
  readonly path: string;
}

/** What a test makes of a call instead of the contract; undefined: nothing. */
type Trouble = (call: Call) => { readonly status: number; readonly headers?: object } | 'hang' | undefined;

export const GRAFANA_TOKEN = 'glsa_test_0123456789';

/**
 * A double of Grafana's annotation API on loopback, which obeys the documented contract of GET, POST and PATCH /api/annotations: every tag
 * that is asked for must be there, an update leaves out what is not sent, unknown ids are 404, a wrong token is 401.
 */
export async function startGrafanaDouble() {
  const annotations = new Map<number, StoredAnnotation>();
  const calls: Call[] = [];
  let trouble: Trouble = () => undefined;
  let ids = 100;

  const answer = (response: ServerResponse, status: number, body: unknown, headers = {}): void =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

  const list = (url: URL): readonly StoredAnnotation[] => {
    const tags = url.searchParams.getAll('tags');
    const dashboard = url.searchParams.get('dashboardUID');
    return [...annotations.values()]
      .filter((one) => tags.every((tag) => one.tags.includes(tag)))
      .filter((one) => dashboard === null || one.dashboardUID === dashboard)
      .slice(0, Number(url.searchParams.get('limit') ?? 100));
  };

  const handle = (call: Call, url: URL, body: Partial<StoredAnnotation>, response: ServerResponse): void => {
    const id = Number(/^\/api\/annotations\/(\d+)$/.exec(url.pathname)?.[1] ?? NaN);
    if (call.method === 'GET' && url.pathname === '/api/annotations') {
      answer(response, 200, list(url));
    } else if (call.method === 'POST' && url.pathname === '/api/annotations') {
      if (body.text === undefined || body.text === '') {
        answer(response, 400, { message: 'Failed to save annotation' });
        return;
      }
      const made = {
        ...{ id: (ids += 1), time: Date.now(), timeEnd: body.time ?? 0, tags: [], text: '' },
        ...body,
      };
      annotations.set(made.id, made);
      answer(response, 200, { id: made.id, message: 'Annotation added' });
    } else if (call.method === 'PATCH' && annotations.has(id)) {
      annotations.set(id, { ...(annotations.get(id) as StoredAnnotation), ...body, id });
      answer(response, 200, { message: 'Annotation patched' });
    } else answer(response, 404, { message: 'Not found' });
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://grafana');
      const call = { method: request.method ?? '', path: url.pathname };
      calls.push(call);
      const wrong = trouble(call);
      if (wrong === 'hang') return;
      if (wrong !== undefined) answer(response, wrong.status, { message: 'trouble' }, wrong.headers);
      else if (request.headers.authorization !== `Bearer ${GRAFANA_TOKEN}`)
        answer(response, 401, { message: 'Invalid API key' });
      else handle(call, url, text === '' ? {} : (JSON.parse(text) as Partial<StoredAnnotation>), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    annotations,
    calls,
    makeTrouble: (next: Trouble) => void (trouble = next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type GrafanaDouble = Awaited<ReturnType<typeof startGrafanaDouble>>;
