import type { TimeRange } from '@grafana/data';
import type { ServiceReader } from '../verdicts/service-client.js';
import type { ListedDeployment } from '../verdicts/wire.js';
import { say } from '../words/say.js';

/** What a variable can list. */
const readers: Readonly<Record<string, (deployment: ListedDeployment) => string>> = {
  services: ({ service }) => service,
  environments: ({ environment }) => environment,
  versions: ({ version }) => version,
  deployments: ({ id }) => id,
};

/** Deployments of a month name every service that is still alive. */
const MONTH_MS = 30 * 86_400_000;

/**
 * Values of a template variable: `services`, `environments`, `versions` or `deployments`; one service is chosen by `versions(checkout)`.
 * @throws Error that names what can be asked for
 */
export async function variableValues(
  reader: Pick<ServiceReader, 'deployments'>,
  query: string,
  range?: TimeRange,
): Promise<readonly string[]> {
  const [, kind = '', service = ''] = /^\s*(\w*)\s*(?:\(([^)]*)\))?\s*$/.exec(query) ?? [];
  const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  if (read === undefined)
    throw new Error(say('variable.unknown', { query, known: Object.keys(readers).join(', ') }));
  const toMs = range?.to.valueOf() ?? Date.now();
  const { items } = await reader.deployments({
    service: service.trim(),
    fromMs: Math.min(range?.from.valueOf() ?? toMs, toMs - MONTH_MS),
    toMs,
  });
  return [...new Set(items.map(read))].toSorted();
}
