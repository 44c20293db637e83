import { type DataFrame, FieldType } from '@grafana/data';
import type { Region } from '../verdicts/region.js';
import { verdictDataName, verdictMark } from '../verdicts/verdict-look.js';

/** More points than a panel has pixels are of no use. */
const MOST_BUCKETS = 2_000;

/** How many deployments began in each interval, by the verdict that counts now: one series a verdict, zeros included. */
export function verdictsFrame(
  regions: readonly Region[],
  range: { readonly fromMs: number; readonly toMs: number; readonly intervalMs: number },
): DataFrame {
  const spanMs = Math.max(1, range.toMs - range.fromMs);
  const stepMs = Math.max(range.intervalMs, Math.ceil(spanMs / MOST_BUCKETS), 1);
  const firstMs = Math.floor(range.fromMs / stepMs) * stepMs;
  const buckets = Math.floor((range.toMs - firstMs) / stepMs) + 1;
  const counts = new Map<string, number[]>();
  for (const { fromMs, verdict } of regions) {
    const bucket = Math.floor((fromMs - firstMs) / stepMs);
    if (bucket < 0 || bucket >= buckets) continue;
    const line = counts.get(verdict) ?? new Array<number>(buckets).fill(0);
    line[bucket] = (line[bucket] ?? 0) + 1;
    counts.set(verdict, line);
  }
  return {
    name: 'verdicts',
    length: buckets,
    fields: [
      {
        name: 'time',
        type: FieldType.time,
        config: { interval: stepMs },
        values: Array.from({ length: buckets }, (_, bucket) => firstMs + bucket * stepMs),
      },
      ...[...counts].map(([verdict, values]) => ({
        name: verdictDataName(verdict),
        type: FieldType.number,
        config: {
          color: { mode: 'fixed', fixedColor: verdictMark(verdict).color },
          unit: 'short',
          decimals: 0,
        },
        values,
      })),
    ],
  };
}
