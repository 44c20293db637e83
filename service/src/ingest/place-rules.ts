import type { ReceivedSeries } from './received-series.js';

/** What a series is told about where it belongs. */
export type PlaceLabel = 'project' | 'service' | 'environment' | 'version' | 'instance';

/** Where one part of a place comes from: a fixed text, or a label, whole or the first group of a pattern. */
export type PlaceValue = { readonly value: string } | { readonly label: string; readonly pattern?: RegExp };

/** A rule for the series that its match fits; of several the first one counts. */
export interface PlaceRule {
  /** By label (`__name__` is the metric), what its whole value must match; an absent label is empty. */
  readonly match: ReadonlyMap<string, RegExp>;
  /** True: these series are left out. */
  readonly drop: boolean;
  /** For each part the first candidate that is not empty counts. */
  readonly from: Readonly<Partial<Record<PlaceLabel, readonly PlaceValue[]>>>;
}

const labels = (...names: readonly string[]): readonly PlaceValue[] => names.map((label) => ({ label }));

/**
 * For series that no rule fits: the names that Kubernetes, Prometheus, OpenTelemetry and Telegraf give. `namespace` is no environment: it is
 * as often a team.
 */
export const defaultRule: PlaceRule = {
  match: new Map(),
  drop: false,
  from: {
    service: labels('service', 'service_name', 'app_kubernetes_io_name', 'app', 'job'),
    environment: labels('environment', 'deployment_environment_name', 'deployment_environment', 'env'),
    version: labels('version', 'service_version', 'app_kubernetes_io_version'),
    instance: labels('instance', 'service_instance_id', 'k8s_pod_name', 'pod', 'host_name', 'host'),
  },
};

/** A series with its place: `service`, `environment`, `version` and `instance` as labels, and its project where a rule names one. */
export interface PlacedSeries {
  readonly project?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Where a series belongs. Its other labels stay as they are; parts that no candidate gives are left out.
 * @returns undefined when a rule drops it
 * @example placeSeries({ metric: 'up', labels: { job: 'cart' }, type: 'gauge' }, []) // { labels: { job: 'cart', service: 'cart' } }
 */
export function placeSeries(series: ReceivedSeries, rules: readonly PlaceRule[]): PlacedSeries | undefined {
  const rule = rules.find(({ match }) => fits(series, match)) ?? defaultRule;
  if (rule.drop) return undefined;
  const labels = { ...series.labels };
  // A rule may speak of some parts only; the others go by their usual names.
  const from = { ...defaultRule.from, ...rule.from };
  for (const part of ['service', 'environment', 'version', 'instance'] as const) {
    const value = firstOf(series, from[part] ?? []);
    if (value !== '') labels[part] = value;
  }
  const project = firstOf(series, from.project ?? []);
  return { ...(project === '' ? {} : { project }), labels };
}

function fits(series: ReceivedSeries, match: PlaceRule['match']): boolean {
  for (const [name, pattern] of match) if (!pattern.test(labelOf(series, name))) return false;
  return true;
}

function firstOf(series: ReceivedSeries, candidates: readonly PlaceValue[]): string {
  for (const candidate of candidates) {
    const value = valueOf(series, candidate);
    if (value !== '') return value;
  }
  return '';
}

function valueOf(series: ReceivedSeries, from: PlaceValue): string {
  if ('value' in from) return from.value;
  const text = labelOf(series, from.label);
  return from.pattern === undefined ? text : (from.pattern.exec(text)?.[1] ?? '');
}

function labelOf({ metric, labels: given }: ReceivedSeries, name: string): string {
  return name === '__name__' ? metric : (given[name] ?? '');
}
