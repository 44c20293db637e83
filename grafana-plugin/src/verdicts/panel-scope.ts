import type { DataFrame } from '@grafana/data';

/** Names under which dashboards and metrics commonly carry a service, the most telling first. */
const serviceNames = ['service', 'service_name', 'app', 'application', 'job', 'deployment', 'workload'];
const environmentNames = ['environment', 'env', 'deployment_environment', 'stage', 'cluster', 'namespace'];

/** Which deployments belong to a panel, and by which rule, so that people can see and change it. Empty lists leave a matter open. */
export interface PanelScope {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly rule: 'option' | 'query' | 'labels' | 'variables' | 'none';
  /** What the rule was found in, such as `service="checkout"`. */
  readonly found: string;
}

/** What is known of a panel. Texts have their variables filled in. */
export interface PanelFacts {
  /** What somebody set for this panel. */
  readonly option?: { readonly service: string; readonly environment: string };
  /** Texts of the panel's queries. */
  readonly queries: readonly string[];
  readonly labels: readonly Readonly<Record<string, string>>[];
  readonly variables: Readonly<Record<string, readonly string[]>>;
}

/**
 * The rule, in the order of its strength: what the user set for the panel; label matchers of its queries (`service="checkout"`); labels
 * of the series shown; template variables of the dashboard. A stronger source that names no service leaves the question to the next.
 */
export function panelScope(facts: PanelFacts): PanelScope {
  const { option } = facts;
  if (option !== undefined && option.service !== '')
    return {
      services: list(option.service),
      environments: list(option.environment),
      rule: 'option',
      found: option.service,
    };
  const sources = [
    { rule: 'query', read: (name: string) => facts.queries.flatMap((query) => matchersIn(query, name)) },
    { rule: 'labels', read: (name: string) => facts.labels.flatMap((labels) => labels[name] ?? []) },
    { rule: 'variables', read: (name: string) => facts.variables[name] ?? [] },
  ] as const;
  const environments = firstOf(
    sources.flatMap(({ read }) => environmentNames.map((name) => [name, read(name)] as const)),
  );
  for (const { rule, read } of sources) {
    const services = firstOf(serviceNames.map((name) => [name, read(name)] as const));
    if (services === undefined) continue;
    return {
      services: services.values,
      environments: environments?.name === 'namespace' ? [] : (environments?.values ?? []),
      rule,
      found: `${services.name}="${services.values.join('|')}"`,
    };
  }
  return { services: [], environments: environments?.values ?? [], rule: 'none', found: '' };
}

/** Values that a query's text demands of a label: PromQL, LogQL, InfluxQL and SQL write them alike. */
function matchersIn(query: string, name: string): readonly string[] {
  const found = query.matchAll(
    new RegExp(`(?<![\\w.])["'\`]?${name}["'\`]?\\s*=~?\\s*/?["']([^"']*)["']`, 'g'),
  );
  return [...found].flatMap(([, value = '']) => value.split('|')).filter(isPlain);
}

/** A pattern such as `.+` names no service. */
function isPlain(value: string): boolean {
  return value !== '' && !/[$*+[\](){}^\\]/.test(value);
}

function firstOf(
  candidates: readonly (readonly [string, readonly string[]])[],
): { readonly name: string; readonly values: readonly string[] } | undefined {
  for (const [name, values] of candidates) {
    const plain = [...new Set(values.filter(isPlain))];
    if (plain.length > 0) return { name, values: plain };
  }
  return undefined;
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '' && value !== '$__all');
}

/** Labels of all series of a panel. */
export function labelsOf(frames: readonly DataFrame[]): readonly Readonly<Record<string, string>>[] {
  return frames.flatMap(({ fields }) =>
    fields.flatMap(({ labels }) => (labels === undefined ? [] : [labels])),
  );
}
