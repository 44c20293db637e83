import type { ExpressionQuery } from '../port.js';

/** What a `{{name}}` stands for; a service variable that is absent stands for any value. */
export type TemplateValue =
  | { readonly kind: 'variable'; readonly text: string | undefined }
  | { readonly kind: 'macro'; readonly text: string };

const VARIABLES = ['service', 'environment', 'version', 'previousVersion'] as const;

/** Looks up the name between `{{` and `}}`; undefined when it means nothing here. */
export function templateValue(
  name: string,
  query: ExpressionQuery,
  macros: Readonly<Record<string, string>>,
): TemplateValue | undefined {
  const variable = VARIABLES.find((known) => known === name);
  if (variable !== undefined) return { kind: 'variable', text: query.variables[variable] };
  const text = Object.hasOwn(macros, name) ? macros[name] : undefined;
  return text === undefined ? undefined : { kind: 'macro', text };
}

/** For an error: every name that means something. */
export function knownNames(macros: Readonly<Record<string, string>>): string {
  return [...VARIABLES, ...Object.keys(macros)].map((name) => `{{${name}}}`).join(', ');
}

/** No line protocol and no query language of InfluxDB can carry these in a value. */
export function hasControlCharacter(text: string): boolean {
  // Those of Latin 1 (U+0080 to U+009F) are letters to it like any other.
  return /[^\P{Cc}\u0080-\u009f]/u.test(text);
}
