import type { ExpressionQuery } from '../port.js';
import { ExpressionError } from './expression-error.js';

/** What a `{{name}}` stands for; a service variable that is absent stands for any value. */
export type TemplateValue =
  | { readonly kind: 'variable'; readonly text: string | undefined }
  | { readonly kind: 'macro'; readonly text: string };

/** What a name between `{{` and `}}` means in a query at hand. */
export type LookUp = (name: string) => TemplateValue;

/** A `{{name}}` anywhere in a text. */
export const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

const VARIABLES = ['service', 'environment', 'version', 'previousVersion'] as const;

/** What the names of a query stand for, and which of them it used. @throws ExpressionError from `lookUp` for one that cannot be filled in */
export function templateOf(
  query: ExpressionQuery,
  macros: Readonly<Record<string, string>>,
): { readonly lookUp: LookUp; readonly used: ReadonlySet<string> } {
  const used = new Set<string>();
  const lookUp: LookUp = (name) => {
    const value = templateValue(name, query, macros);
    if (value === undefined)
      throw new ExpressionError(`uses {{${name}}}, which means nothing; known are ${knownNames(macros)}`);
    if (value.kind === 'variable' && hasControlCharacter(value.text ?? ''))
      throw new ExpressionError(`cannot be filled in: {{${name}}} holds a control character`);
    used.add(name);
    return value;
  };
  return { lookUp, used };
}

/** Looks up the name between `{{` and `}}`; undefined when it means nothing here. */
function templateValue(
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
function knownNames(macros: Readonly<Record<string, string>>): string {
  return [...VARIABLES, ...Object.keys(macros)].map((name) => `{{${name}}}`).join(', ');
}

/** Fills in the variables of a quoted part. @throws ExpressionError when a macro stands there */
export function replaceVariables(
  text: string,
  lookUp: LookUp,
  fill: (value: string | undefined, name: string) => string,
): string {
  return text.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = lookUp(name);
    if (value.kind === 'variable') return fill(value.text, name);
    throw new ExpressionError(`has {{${name}}} in quotes; it stands without them`);
  });
}

/** No line protocol and no query language of InfluxDB can carry these in a value. */
export function hasControlCharacter(text: string): boolean {
  // Those of Latin 1 (U+0080 to U+009F) are letters to it like any other.
  return /[^\P{Cc}\u0080-\u009f]/u.test(text);
}
