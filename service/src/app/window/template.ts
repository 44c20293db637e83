import type { Deployment } from '../../domain/deployment.js';
import type { Selector } from '../../domain/policy.js';

type Variables = Readonly<Record<'service' | 'environment' | 'version' | 'previousVersion', string>>;

/** Values for `{{…}}` in selectors; an unknown previous version is empty and matches only series without that label. */
export function variablesOf(deployment: Deployment): Variables {
  return {
    service: deployment.service,
    environment: deployment.environment,
    version: deployment.version,
    previousVersion: deployment.previousVersion ?? '',
  };
}

/** A selector with extra labels laid over it and every `{{name}}` filled in; unknown names stay as they are. */
export function fillSelector(
  selector: Selector,
  overlay: Readonly<Record<string, string>>,
  variables: Variables,
): Selector {
  const labels = { ...selector.labels, ...overlay };
  return {
    metric: selector.metric,
    labels: Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [name, fillText(value, variables)]),
    ),
  };
}

/** A text with every `{{name}}` filled in; unknown names stay as they are. */
export function fillText(text: string, variables: Variables): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    name in variables ? variables[name as keyof Variables] : whole,
  );
}
