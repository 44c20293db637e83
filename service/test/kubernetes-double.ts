import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type KubernetesObject = Readonly<Record<string, unknown>> & {
  readonly metadata: Readonly<Record<string, unknown>>;
};

interface LoggedChange {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: object;
}

/** The part of a Kubernetes API server that lists and watches the Deployments of one namespace, with the token "cluster-token". */
export async function startKubernetesDouble() {
  let version = 100;
  let oldest = 0;
  const objects = new Map<string, object>();
  const log: LoggedChange[] = [];
  const watchers = new Set<ServerResponse>();
  /** Paths with their queries, as they were asked for. */
  const requests: string[] = [];

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://double');
    requests.push(`${url.pathname}${url.search}`);
    if (request.headers.authorization !== 'Bearer cluster-token') fail(response, 401, 'Unauthorized');
    else if (!url.pathname.endsWith('/deployments')) fail(response, 404, 'the server could not find it');
    else if (url.searchParams.get('watch') === 'true') watch(url, request, response);
    else list(url, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function list(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('continue') ?? 0);
    const limit = Number(url.searchParams.get('limit'));
    // The items of a real list carry neither kind nor version of the API.
    const bare = [...objects.values()].map((object) => ({
      ...object,
      kind: undefined,
      apiVersion: undefined,
    }));
    const items = bare.slice(from, from + limit);
    const more = from + limit < objects.size ? { continue: String(from + limit) } : {};
    response.end(JSON.stringify({ metadata: { resourceVersion: String(version), ...more }, items }));
  }

  function watch(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (from < oldest) {
      const status = {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: `too old resource version: ${from}`,
      };
      response.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
      return;
    }
    for (const change of log.filter((one) => one.version > from)) write(response, change);
    watchers.add(response);
    request.on('close', () => watchers.delete(response));
  }

  function write(
    response: ServerResponse,
    { type, object }: Pick<LoggedChange, 'object'> & { type: string },
  ): void {
    const line = Buffer.from(`${JSON.stringify({ type, object })}\n`);
    // A line never comes in one piece for sure.
    response.write(line.subarray(0, 17));
    response.write(line.subarray(17));
  }

  function put(object: KubernetesObject, type: LoggedChange['type']): void {
    version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    const name = String(object.metadata['name']);
    if (type === 'DELETED') objects.delete(name);
    else objects.set(name, stored);
    const change = { version, type, object: stored };
    log.push(change);
    for (const response of watchers) write(response, change);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    watching: () => watchers.size,
    apply(object: KubernetesObject) {
      put(object, objects.has(String(object.metadata['name'])) ? 'MODIFIED' : 'ADDED');
    },
    remove: (object: KubernetesObject) => put(object, 'DELETED'),
    bookmark() {
      version += 1;
      const object = { kind: 'Deployment', metadata: { resourceVersion: String(version) } };
      for (const response of watchers) write(response, { type: 'BOOKMARK', object });
    },
    /** Forgets what happened before now: a watch from an older version gets 410. */
    compact: () => void (oldest = version),
    /** Ends every watch, as the server does after a while, or breaks it. */
    endWatches(how: 'end' | 'destroy') {
      for (const response of watchers) response[how]();
      watchers.clear();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function fail(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code).end(JSON.stringify({ kind: 'Status', code, message }));
}
