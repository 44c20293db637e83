import type { RangeSeries } from './metrics-server.js';

/** A deployment as series show it. */
export interface SeenDeployment {
  readonly version: string;
  readonly previousVersion?: string;
  readonly atMs: number;
}

/**
 * The newest version that came up within a range, by the label `version` of the series.
 * @param series number of series by version, on a grid of `stepMs` from `fromMs`
 * @returns undefined where one version ran all the time
 */
export function lastDeployment(
  series: readonly RangeSeries[],
  { fromMs, stepMs }: { readonly fromMs: number; readonly stepMs: number },
): SeenDeployment | undefined {
  const seen = series.flatMap(({ metric, values }) => {
    const [first] = values;
    const version = metric['version'] ?? '';
    return first === undefined || version === ''
      ? []
      : [{ version, firstMs: first[0] * 1_000, times: new Set(values.map(([seconds]) => seconds * 1_000)) }];
  });
  const [newest] = seen
    .filter(({ firstMs }) => firstMs > fromMs + stepMs)
    .toSorted((a, b) => b.firstMs - a.firstMs);
  if (newest === undefined) return undefined;
  // It came up within the step before its first point.
  const atMs = newest.firstMs - stepMs;
  const before = seen.find(({ version, times }) => version !== newest.version && times.has(atMs));
  return {
    version: newest.version,
    ...(before === undefined ? {} : { previousVersion: before.version }),
    atMs,
  };
}

/**
 * The newest restart within a range, for services whose series carry no version.
 * @param series of `process_start_time_seconds`
 */
export function lastRestart(series: readonly RangeSeries[], fromMs: number): SeenDeployment | undefined {
  const starts = series.flatMap(({ values }) => values.map(([, value]) => Number(value) * 1_000));
  const atMs = Math.max(...starts.filter((startMs) => Number.isFinite(startMs)));
  if (atMs <= fromMs) return undefined;
  return { version: `restart of ${new Date(atMs).toISOString()}`, atMs };
}
