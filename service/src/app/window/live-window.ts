import type { Arm, LiveMetric } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import type { Watch } from '../../domain/watch.js';
import type { MetricSource } from '../../sources/port.js';
import { hasControl } from './arms.js';
import { readArm } from './read-arm.js';

/** The metrics since the change, grown by the intervals that are new at each look: a look reads only what came since the last one. */
export interface LiveWindow {
  /** Arms of length `look`; intervals already read are not read again, so late samples never rewrite a look. @throws SourceError */
  upTo(look: number): Promise<readonly LiveMetric[]>;
}

export function openLiveWindow(
  source: MetricSource,
  deployment: Deployment,
  step: Step,
  watch: Watch,
): LiveWindow {
  const control = hasControl(deployment, step);
  let known: readonly LiveMetric[] = [];
  let knownLooks = 0;

  const readMetric = async (spec: MetricSpec, from: number, to: number): Promise<LiveMetric> => {
    const grid = {
      startMs: watch.changeAtMs + from * watch.intervalMs,
      intervalMs: watch.intervalMs,
      count: to - from,
    };
    const read = (overlay: Readonly<Record<string, string>>): Promise<Arm> =>
      readArm({ source, deployment, signal: spec.signal, overlay, grid });
    if (!control) return { treatment: await read({}) };
    const [treatment, other] = await Promise.all([read(spec.arms.treatment), read(spec.arms.control)]);
    return { treatment, control: other };
  };

  return {
    async upTo(look) {
      if (look > knownLooks) {
        const fresh = await Promise.all(
          deployment.policy.metrics.map((spec) => readMetric(spec, knownLooks, look)),
        );
        known = fresh.map((metric, i) => appendLive(known[i], metric));
        knownLooks = look;
      }
      return known.map((metric) => headOf(metric, look));
    },
  };
}

function appendLive(before: LiveMetric | undefined, after: LiveMetric): LiveMetric {
  if (before === undefined) return after;
  const treatment = concat(before.treatment, after.treatment);
  return before.control && after.control
    ? { treatment, control: concat(before.control, after.control) }
    : { treatment };
}

function headOf(metric: LiveMetric, length: number): LiveMetric {
  const treatment = mapArm(metric.treatment, (a) => a.subarray(0, length));
  return metric.control
    ? { treatment, control: mapArm(metric.control, (a) => a.subarray(0, length)) }
    : { treatment };
}

function mapArm(arm: Arm, change: (array: Float64Array) => Float64Array): Arm {
  return arm.shape === 'gauge'
    ? { shape: 'gauge', values: change(arm.values) }
    : { shape: 'ratio', events: change(arm.events), totals: change(arm.totals) };
}

function concat(a: Arm, b: Arm): Arm {
  if (a.shape === 'gauge' && b.shape === 'gauge') return { shape: 'gauge', values: join(a.values, b.values) };
  if (a.shape === 'ratio' && b.shape === 'ratio')
    return { shape: 'ratio', events: join(a.events, b.events), totals: join(a.totals, b.totals) };
  throw new TypeError('the two parts of a window have different shapes');
}

function join(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
