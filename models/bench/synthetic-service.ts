import { createRandom, type LiveMetric, type MetricRule, type Snapshot } from '../src/index.js';
import type { RandomSource } from '../src/statistical/random.js';
import { drawInnovation, type NoiseShape } from './noise-shape.js';
import { harmAt, type Harm } from './synthetic-harm.js';

/** A simulated service; times in intervals. */
export interface SyntheticService {
  readonly metrics: number;
  /** Autoregression of the noise at lag 1. */
  readonly phi: number;
  readonly season: boolean;
  readonly history: number;
  /** Between history and change, excluded: what earlier steps of the release already treated, higher by `TREATED` log units. */
  readonly gap: number;
  readonly looks: number;
  readonly day: number;
  readonly alpha: number;
  /** Distribution of the innovations (default normal). */
  readonly noise?: NoiseShape;
  /** Standard deviation of the noise, log units (default `NOISE`). */
  readonly noiseSize?: number;
  /** Share of the variance that all metrics have in common, in [0, 1] (default one half). */
  readonly common?: number;
  /** Where on the daily wave the change falls, in radians: 0 climbs, π/2 is its top (default drawn for each past). */
  readonly angle?: number;
  /** Practical minimum of every metric, relative (default none). */
  readonly minEffect?: number;
}

/** A drawn past that any number of futures can follow, none of which is marked by the change unless it is harmed. */
export interface SyntheticPast {
  readonly snapshot: Snapshot;
  /** @param future its number, from 0: the same number draws the same noise, with harm or without */
  readonly drawFuture: (future: number, harm?: Harm) => readonly LiveMetric[];
}

const INTERVAL_MS = 60_000;
const DAY_MS = 86_400_000;
/** Standard deviation of the noise, log units. */
export const NOISE = 0.1;
/** What earlier steps of the release did to a metric, log units. */
const TREATED = 0.5;
/** Amplitude of the daily wave, log units. */
const SEASON = 0.4;
/** Middle of every metric, in its unit. */
const LEVEL = 100;
const COMMON = 0.5;
/** Intervals that a series runs before it is recorded, so that it has forgotten how it began. */
const RUN_IN = 100;
/** Seeds of futures: beyond those of pasts, and apart for every future of a past. */
const FUTURES_A_PAST = 4099;

export function syntheticRule(index: number, minEffect = 0): MetricRule {
  return {
    name: `m${index}`,
    kind: 'latency',
    direction: 'up',
    unit: 'ms',
    shape: 'gauge',
    minEffect: minEffect > 0 ? { relative: minEffect } : {},
    tolerance: {},
    criticality: 'normal',
    weight: 1,
    required: true,
    warmupLooks: 0,
  };
}

/** Continues an autoregression of unit variance by `length` values from a state. */
function continueNoise(
  service: SyntheticService,
  state: number,
  length: number,
  random: RandomSource,
): Float64Array {
  const innovation = Math.sqrt(1 - service.phi ** 2);
  let value = state;
  return Float64Array.from({ length }, () => {
    value = service.phi * value + innovation * drawInnovation(service.noise ?? 'normal', random);
    return value;
  });
}

/** Own and common noise of every metric; `common` first, so that metrics can be mixed as they come. */
interface NoiseLines {
  readonly common: Float64Array;
  readonly own: readonly Float64Array[];
}

function startNoise(service: SyntheticService, length: number, random: RandomSource): NoiseLines {
  const line = (): Float64Array => continueNoise(service, 0, RUN_IN + length, random).subarray(RUN_IN);
  return { common: line(), own: Array.from({ length: service.metrics }, line) };
}

function mixed(service: SyntheticService, { common, own }: NoiseLines, metric: number): Float64Array {
  const line = own[metric] ?? new Float64Array(0);
  if (service.metrics === 1) return line;
  const share = service.common ?? COMMON;
  const [ofCommon, ofOwn] = [Math.sqrt(share), Math.sqrt(1 - share)];
  return line.map((value, index) => ofOwn * value + ofCommon * (common[index] ?? 0));
}

/**
 * Draws the past of a service.
 * @param seed whole, ≥ 1
 */
export function drawPast(service: SyntheticService, seed: number): SyntheticPast {
  const random = createRandom(seed);
  const change = service.history + service.gap;
  const size = service.noiseSize ?? NOISE;
  const drawn = random.uniform() * 2 * Math.PI;
  const phase = service.angle === undefined ? drawn : service.angle - (2 * Math.PI * change) / service.day;
  const wave = Float64Array.from({ length: change + service.looks }, (_, index) =>
    service.season ? SEASON * Math.sin((2 * Math.PI * index) / service.day + phase) : 0,
  );
  const past = startNoise(service, change, random);
  const snapshot: Snapshot = {
    intervalMs: service.season || service.day > 0 ? DAY_MS / service.day : INTERVAL_MS,
    changeAtMs: 0,
    changeIndex: change,
    plannedLooks: service.looks,
    metrics: past.own.map((_, metric) => ({
      rule: syntheticRule(metric, service.minEffect),
      treatment: {
        shape: 'gauge',
        values: mixed(service, past, metric).map((value, index) => {
          const treated = index >= service.history ? TREATED : 0;
          return LEVEL * Math.exp(size * value + (wave[index] ?? 0) + treated);
        }),
      },
    })),
    excluded: service.gap > 0 ? [[service.history, change]] : [],
    alpha: service.alpha,
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 0.5,
  };
  const drawFuture = (future: number, harm?: Harm): readonly LiveMetric[] => {
    const futureSeed = seed * FUTURES_A_PAST + future;
    const ahead = createRandom(futureSeed);
    // Of its own, so that the noise is the same with harm and without.
    const chance = createRandom(-futureSeed);
    const further = (line: Float64Array): Float64Array =>
      continueNoise(service, line.at(-1) ?? 0, service.looks, ahead);
    const lines = { common: further(past.common), own: past.own.map(further) };
    return past.own.map((_, metric) => {
      const values = mixed(service, lines, metric).map((value, interval) => {
        const isHit = harm !== undefined && (harm.hits === 'all' || metric === 0);
        const { added, noise } = isHit
          ? harmAt(harm, interval, service.looks, chance)
          : { added: 0, noise: 1 };
        return LEVEL * Math.exp(size * noise * value + (wave[change + interval] ?? 0) + added);
      });
      return { treatment: { shape: 'gauge', values } };
    });
  };
  return { snapshot, drawFuture };
}

/** Draws one deployment: a past and the future that follows it. */
export function drawDeployment(
  service: SyntheticService,
  seed: number,
  harm?: Harm,
): { readonly snapshot: Snapshot; readonly live: readonly LiveMetric[] } {
  const { snapshot, drawFuture } = drawPast(service, seed);
  return { snapshot, live: drawFuture(0, harm) };
}
