import type { ScanMeasure } from '../scoring/scan-measure.js';
import { firstInterval, lookBucket, SMALLEST_UNIT, type Scan } from '../scoring/scans.js';
import type { Trace } from '../scoring/trace.js';
import { upperQuantile, type UpperQuantile } from '../statistical/upper-quantile.js';

/** Placebo quantiles that make scans at all looks comparable: `values[bucket · scans + scan]`, for the buckets that a watch reaches. */
export type Units = Float64Array;

/** Scans are put into units of this placebo quantile. */
const UNIT_QUANTILE = 0.95;
/** Values that a unit is the quantile of. */
const UNIT_SAMPLES = 1500;

/** Half-open stretch of intervals that share a unit. */
interface LookStretch {
  readonly bucket: number;
  readonly from: number;
  readonly to: number;
}

function lookStretches(looks: number): readonly LookStretch[] {
  const stretches: LookStretch[] = [];
  let from = 0;
  for (let interval = 1; interval <= looks; interval++) {
    if (interval < looks && lookBucket(interval) === lookBucket(from)) continue;
    stretches.push({ bucket: lookBucket(from), from, to: interval });
    from = interval;
  }
  return stretches;
}

/** One stretch of one scan, sampled at every `step`th interval. */
interface Sampled extends LookStretch {
  readonly step: number;
  readonly quantile: UpperQuantile;
}

function sampled(stretch: LookStretch, first: number, traces: number): Sampled {
  // Looks at which the scan cannot speak yet would pull its unit towards 0.
  const from = Math.min(stretch.to, Math.max(stretch.from, first));
  const width = stretch.to - from;
  const step = Math.max(1, Math.floor((width * traces) / UNIT_SAMPLES));
  return {
    ...stretch,
    from,
    step,
    quantile: upperQuantile(UNIT_QUANTILE, traces * Math.ceil(width / step)),
  };
}

function addSamples(
  { from, to, step, quantile }: Sampled,
  trace: Trace,
  scan: Scan,
  measure: ScanMeasure,
  squares: Float64Array,
): void {
  for (let interval = from; interval < to; interval += step) {
    const least = quantile.least();
    if ((squares[interval] ?? 0) > least * least) quantile.add(measure.value(trace, scan, interval));
  }
}

/**
 * Units of all scans of a measure.
 *
 * @param traces of placebos that fit units
 * @param isAsked whether a scan has such a unit; 1 where not
 */
export function unitsOf(
  traces: readonly Trace[],
  scans: readonly Scan[],
  measure: ScanMeasure,
  warmup: number,
  looks: number,
  isAsked: (scan: Scan) => boolean = () => true,
): Units {
  const units = new Float64Array(scans.length * (lookBucket(looks - 1) + 1)).fill(1);
  const stretches = lookStretches(traces.length === 0 ? 0 : looks);
  scans.forEach((scan, position) => {
    if (!isAsked(scan)) return;
    const samples = stretches.map((stretch) => sampled(stretch, firstInterval(scan, warmup), traces.length));
    for (const trace of traces) {
      const squares = measure.bound(trace, scan);
      for (const each of samples) addSamples(each, trace, scan, measure, squares);
    }
    for (const { bucket, quantile } of samples)
      units[bucket * scans.length + position] = Math.max(SMALLEST_UNIT[scan.scorer], quantile.value() || 0);
  });
  return units;
}
