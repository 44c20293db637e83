/**
 * A PromQL selector for series with one of these names and all of these labels; `''` matches series without the label. Names stand in
 * quotes, so that those with dots work where the server takes them.
 * @example selectorText(['up'], { job: 'api' }) // '{__name__="up",job="api"}'
 */
export function selectorText(metrics: readonly string[], labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const [first, ...more] = metrics;
  if (first !== undefined)
    matchers.unshift(
      more.length === 0
        ? `__name__=${JSON.stringify(first)}`
        : `__name__=~${JSON.stringify(metrics.map((m) => m.replaceAll('.', '\\.')).join('|'))}`,
    );
  return `{${matchers.join(',')}}`;
}
