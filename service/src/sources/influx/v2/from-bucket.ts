import { quoteFlux } from './quote.js';

/**
 * Reads the points of a bucket in `[fromMs, toMs)` whose tags are these; `''` matches series without that tag.
 * @param conditions further ones, in Flux over a row `r`
 */
export function fromBucket(
  bucket: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  tags: Readonly<Record<string, string>>,
  conditions: readonly string[],
): string {
  const all = [
    ...conditions,
    ...Object.entries(tags).map(([name, value]) => {
      const tag = `r[${quoteFlux(name)}]`;
      // Of a tag that is not there every comparison is false.
      return value === '' ? `(not exists ${tag} or ${tag} == "")` : `${tag} == ${quoteFlux(value)}`;
    }),
  ];
  const range = `range(start: ${new Date(fromMs).toISOString()}, stop: ${new Date(toMs).toISOString()})`;
  const filter = all.length === 0 ? '' : ` |> filter(fn: (r) => ${all.join(' and ')})`;
  return `from(bucket: ${quoteFlux(bucket)}) |> ${range}${filter}`;
}
