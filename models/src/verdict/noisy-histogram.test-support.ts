import type { HistogramArm } from '../contract.js';
import { normalCdf } from '../statistical/normal.js';
import { createRandom } from '../statistical/random.js';

/** A part of the requests that a defect slows down. */
export interface SlowPart {
  /** In [0, 1]. */
  readonly share: number;
  readonly factor: number;
}

/** A service whose latency is log-normal about a median that wanders. */
interface LatencyService {
  readonly seed: number;
  /** Mean requests within an interval. */
  readonly requests: number;
  readonly length: number;
  /** First interval of the defect; default: none. */
  readonly changeIndex?: number;
  readonly defect?: SlowPart;
  /** Upper bounds in seconds, +∞ last. Default: those of Prometheus' client libraries. */
  readonly upperBounds?: readonly number[];
  /** Standard deviation of the wandering median from one interval to the next, log units. Default: 0.02. */
  readonly wander?: number;
}

export const DEFAULT_BOUNDS: readonly number[] = [
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  Infinity,
];

const MEDIAN_SECONDS = 0.1;
/** Standard deviation of single requests, log units. */
const SPREAD = 0.5;
/** Autoregression of the wandering median at lag 1. */
const PHI = 0.5;

/** Observations by bucket: Poisson in each, which is what Poisson requests with independent latencies give. */
export function noisyHistogram(service: LatencyService): HistogramArm {
  const { seed, requests, length, changeIndex = Infinity, defect, wander = 0.02 } = service;
  const bounds = service.upperBounds ?? DEFAULT_BOUNDS;
  const random = createRandom(seed);
  const counts = bounds.map(() => new Float64Array(length));
  let state = random.normal();
  for (let index = 0; index < length; index++) {
    const median = MEDIAN_SECONDS * Math.exp(wander * state);
    const slow = index >= changeIndex && defect !== undefined ? defect : { share: 0, factor: 1 };
    let below = 0;
    bounds.forEach((bound, bucket) => {
      const upTo = (factor: number): number =>
        bound === Infinity ? 1 : normalCdf(Math.log(bound / (median * factor)) / SPREAD);
      const part = (1 - slow.share) * upTo(1) + slow.share * upTo(slow.factor);
      const line = counts[bucket];
      if (line !== undefined) line[index] = random.poisson(requests * Math.max(0, part - below));
      below = part;
    });
    state = PHI * state + Math.sqrt(1 - PHI ** 2) * random.normal();
  }
  return { shape: 'histogram', upperBounds: Float64Array.from(bounds), counts };
}
