import { z } from 'zod';

/** What can be watched, with the address of its API. */
export const WATCHED = {
  deployments: 'apis/apps/v1',
  rollouts: 'apis/argoproj.io/v1alpha1',
} as const;
export type WatchedKind = keyof typeof WATCHED;

/** How the API server is reached; the composition root gives it the guarded client, address and token. */
export interface ApiServer {
  /** @param path with its query */
  readonly get: (
    path: string,
    signal: AbortSignal,
  ) => Promise<{ readonly status: number; readonly body: string }>;
  readonly lines: (
    path: string,
    signal: AbortSignal,
  ) => Promise<{ readonly status: number; readonly lines: AsyncIterable<string> }>;
}

/** One change of the watched objects. */
export interface WatchedChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: unknown;
  readonly resourceVersion: string;
}

/** The API server refuses; `expired`: what was asked for is too old, and a new list is needed. */
export class KubernetesError extends Error {
  constructor(
    message: string,
    readonly expired: boolean,
  ) {
    super(message);
  }
}

const PAGE = 500;
/** The server ends a watch after this long; the next one goes on where it was. */
const WATCH_SECONDS = 240;
const GONE = 410;

const versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const page = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().nullish() }),
  items: z.array(z.unknown()).nullish(),
});
const change = z.object({ type: z.string(), object: z.unknown() });
const status = z.object({ code: z.number().nullish(), message: z.string().nullish() });

export interface KubernetesApi {
  /** All objects, and the version that a watch goes on from. @throws KubernetesError */
  list(
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly unknown[]; readonly resourceVersion: string }>;
  /** What changed since a version; ends when the server ends it. @throws KubernetesError */
  watch(resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchedChange>;
}

/** Lists and watches one kind of object, as the Kubernetes API describes it ("Efficient detection of changes"). */
export function createKubernetesApi(
  server: ApiServer,
  {
    kind,
    namespace,
    selector,
  }: { readonly kind: WatchedKind; readonly namespace?: string; readonly selector?: string },
): KubernetesApi {
  const where = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const address = (query: Readonly<Record<string, string>>): string => {
    const asked = new URLSearchParams({
      ...query,
      ...(selector === undefined ? {} : { labelSelector: selector }),
    });
    return `/${WATCHED[kind]}${where}/${kind}?${asked.toString()}`;
  };
  return {
    async list(signal) {
      const items: unknown[] = [];
      let next: string | undefined;
      for (;;) {
        const query = { limit: String(PAGE), ...(next === undefined ? {} : { continue: next }) };
        const { status: code, body } = await server.get(address(query), signal);
        if (code !== 200) throw refusal(code, body);
        const { metadata, items: some } = page.parse(JSON.parse(body));
        items.push(...(some ?? []));
        if ((metadata.continue ?? '') === '') return { items, resourceVersion: metadata.resourceVersion };
        next = metadata.continue ?? '';
      }
    },
    async *watch(resourceVersion, signal) {
      const query = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(WATCH_SECONDS) };
      const { status: code, lines } = await server.lines(address({ ...query, resourceVersion }), signal);
      for await (const line of lines) {
        if (code !== 200) throw refusal(code, line);
        if (line !== '') yield decodeChange(line);
      }
      if (code !== 200) throw refusal(code, '');
    },
  };
}

function decodeChange(line: string): WatchedChange {
  const { type, object } = change.parse(JSON.parse(line));
  if (type === 'ERROR') {
    const { code, message } = status.parse(object);
    throw new KubernetesError(message ?? 'the watch failed', code === GONE);
  }
  const { resourceVersion } = versioned.parse(object).metadata;
  return { type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']).parse(type), object, resourceVersion };
}

function refusal(code: number, body: string): KubernetesError {
  return new KubernetesError(
    `the API server answered ${code}: ${messageIn(body).slice(0, 300)}`,
    code === GONE,
  );
}

function messageIn(body: string): string {
  try {
    return status.parse(JSON.parse(body)).message ?? '';
  } catch {
    return body;
  }
}
