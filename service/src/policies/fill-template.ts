import type { Template } from './template-schema.js';

type Values = Readonly<Record<string, string | number>>;

/**
 * The metrics of a template with its parameters filled in, as a policy would write them. What names a parameter that was neither given
 * nor has a default falls away, and so does an object that this leaves empty.
 */
export function fillTemplate(
  { parameters, metrics }: Template,
  given: Values,
): readonly Record<string, unknown>[] {
  const defaults = Object.entries(parameters).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const values: Values = { ...Object.fromEntries(defaults), ...given };
  return metrics.map((metric) => fillEntries(metric, values));
}

function fillEntries(object: object, values: Values): Record<string, unknown> {
  const entries = Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const filled = fill(value, values);
    return filled === undefined ? [] : [[key, filled]];
  });
  return Object.fromEntries(entries);
}

function fill(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const filled = fillEntries(value, values);
  return Object.keys(filled).length === 0 && Object.keys(value).length > 0 ? undefined : filled;
}

/** A string that is one parameter and nothing else keeps that one's type. */
function fillText(text: string, values: Values): string | number | undefined {
  const whole = /^\$\{(\w+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return values[whole];
  const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if (names.some((name) => values[name] === undefined)) return undefined;
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
