import { CommandError } from '../command-error.js';
import { lastDeployment, lastRestart, type SeenDeployment } from './last-deployment.js';
import type { MetricsServer } from './metrics-server.js';

/** Labels that services are told apart by, the clearest first. */
const SERVICE_LABELS = ['service', 'app', 'app_kubernetes_io_name', 'service_name', 'job'];
/** What watches services is none of them. */
const OBSERVERS =
  /^(prometheus|alertmanager|grafana|victoria-?metrics|bellwether|pushgateway|.*exporter|kube-.*)$/;
const DAY_MS = 86_400_000;
const STEP_MS = 60_000;

export interface FoundServices {
  readonly label: string;
  readonly services: readonly string[];
}

/** The services that a server has series of. @throws CommandError when no label tells of any */
export async function findServices(server: MetricsServer, label: string | undefined): Promise<FoundServices> {
  for (const candidate of label === undefined ? SERVICE_LABELS : [label]) {
    const values = await server.labelValues(candidate);
    const services = values.filter((value) => label !== undefined || !OBSERVERS.test(value));
    if (services.length > 0) return { label: candidate, services: services.toSorted() };
  }
  throw new CommandError(
    `no series carries ${label === undefined ? `any of the labels ${SERVICE_LABELS.join(', ')}` : `the label ${label}`}; name the one that tells services apart with --label`,
  );
}

/** The environment of a service, where its series tell of one alone. */
export async function findEnvironment(server: MetricsServer, selector: string): Promise<string | undefined> {
  const [only, ...others] = await server.labelValues('environment', selector);
  return others.length === 0 ? only : undefined;
}

/** The last deployment of a service within a day that its series show: a new version, else a restart. */
export async function findLastDeployment(
  server: MetricsServer,
  selector: string,
  nowMs: number,
): Promise<SeenDeployment | undefined> {
  const toMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const fromMs = toMs - DAY_MS;
  const inside = selector.slice(1, -1);
  const versions = await server.range(`count by (version) ({${inside},version!=""})`, fromMs, toMs, STEP_MS);
  const seen = lastDeployment(versions, { fromMs, stepMs: STEP_MS });
  if (seen !== undefined || versions.length > 0) return seen;
  const starts = await server.range(`max(process_start_time_seconds${selector})`, toMs, toMs, STEP_MS);
  return lastRestart(starts, fromMs);
}

/** A selector of a service's series, as PromQL writes it. */
export function selectorOf(label: string, service: string): string {
  return `{${label}=${JSON.stringify(service)}}`;
}
