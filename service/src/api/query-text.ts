import { z } from 'zod';

/** Every `{{name}}` that a query may hold. */
const VARIABLES = ['service', 'environment', 'version', 'previousVersion', 'interval'];
/** What InfluxQL and Flux need besides: the range is part of the query. */
const OF_THE_RANGE = ['from', 'to', 'timeFilter', 'offset', 'intervalSeconds'];
/** PromQL, InfluxQL and Flux compare a label in the same way: an operator, a quote, the value. */
const COMPARED_WITH_VERSION = /(!=|!~|==|=~|=)\s*(["'`/])[^"'`/]{0,200}\{\{\s*version\s*\}\}/g;

/** An expression in the language of a source. */
export const queryText = z
  .string()
  .min(1, 'is empty; write an expression in the language of the source')
  .max(10_000)
  .superRefine((query, context) => {
    for (const message of [unknownVariable(query), exactVersion(query)])
      if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({
    description:
      'An expression in the language of the source (PromQL, InfluxQL, Flux), worked out once for every interval. It may hold `{{service}}`, `{{environment}}`, `{{version}}`, `{{previousVersion}}` and `{{interval}}`. `{{version}}` is the version of the arm that is read, and any version where that is the whole service, so match it as a pattern: `version=~"{{version}}"`. An expression that names no version is the same for both arms and is compared with its past alone.',
    example:
      'histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket{service="{{service}}", version=~"{{version}}"}[{{interval}}])))',
  });

function unknownVariable(query: string): string | undefined {
  const names = [...query.matchAll(/\{\{\s*([^{}]{0,40}?)\s*\}\}/g)].map(([, name]) => name ?? '');
  const unknown = names.find((name) => ![...VARIABLES, ...OF_THE_RANGE].includes(name));
  if (unknown === undefined) return undefined;
  return `holds the unknown variable {{${unknown}}}; use ${VARIABLES.map((name) => `{{${name}}}`).join(', ')}, for InfluxDB also ${OF_THE_RANGE.map((name) => `{{${name}}}`).join(', ')}`;
}

/** The same query reads single versions and the whole service, and no version is called "any". */
function exactVersion(query: string): string | undefined {
  for (const [, operator] of query.matchAll(COMPARED_WITH_VERSION)) {
    if (operator === '=' || operator === '==')
      return `compares with {{version}} by "${operator}", which finds nothing where the whole service is read; match a pattern instead: =~ "{{version}}"`;
    if (operator?.startsWith('!') === true)
      return `leaves {{version}} out by "${operator}", which leaves nothing where the whole service is read; name what it is to read, =~ "{{version}}", and give "control" a query of its own if that one differs`;
  }
  return undefined;
}
