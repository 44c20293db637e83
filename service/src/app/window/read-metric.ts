import type { Arm, IntervalGrid, LiveMetric, Reason } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec, Selector } from '../../domain/policy.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { hasControl } from './arms.js';
import { readArm, type ArmReading, type ArmRequest } from './read-arm.js';

interface MetricRequest extends Pick<ArmRequest, 'untilMs' | 'isKnown'> {
  readonly source: MetricSource;
  readonly deployment: Deployment;
  readonly step: Step;
  readonly spec: MetricSpec;
  readonly grid: IntervalGrid;
}

/** A metric as it was read; with a problem, an arm is NaN throughout and the problem says why. */
export interface ReadMetric extends LiveMetric {
  readonly problem?: Reason;
}

/**
 * Both arms of a metric. What asking again cannot help (a selector that matches too much, an unknown name) makes this metric
 * insufficient and leaves the others alone.
 * @throws SourceError that is retryable
 */
export async function readMetric(request: MetricRequest): Promise<ReadMetric> {
  const { spec } = request;
  const isBeside = hasControl(request.deployment, request.step);
  try {
    const treatment = await readOne(request, isBeside ? spec.arms.treatment : {});
    if (!isBeside) return withProblem({ treatment: treatment.arm }, spec, treatment.unknownEvents);
    const control = await readOne(request, spec.arms.control);
    return withProblem(
      { treatment: treatment.arm, control: control.arm },
      spec,
      treatment.unknownEvents ?? control.unknownEvents,
    );
  } catch (error) {
    if (!(error instanceof SourceError) || error.retryable) throw error;
    const arm = blankArm(spec, request.grid.count);
    return {
      treatment: arm,
      ...(isBeside ? { control: arm } : {}),
      problem: {
        code: error.code,
        metric: spec.name,
        text: `${spec.name} could not be read: ${error.message}`,
      },
    };
  }
}

function readOne(request: MetricRequest, overlay: Readonly<Record<string, string>>): Promise<ArmReading> {
  const { spec, step, ...rest } = request;
  return readArm({ ...rest, signal: spec.signal, overlay });
}

function withProblem(metric: LiveMetric, spec: MetricSpec, unknown: Selector | undefined): ReadMetric {
  if (unknown === undefined) return metric;
  const text = `${spec.name}: requests are counted, but no series named "${unknown.metric}" is known in this project (events selector: ${unknown.metric}${JSON.stringify(unknown.labels)}), so "no events" cannot be told from a misspelt name. Correct the events selector, or export the counter from the start with 0.`;
  return { ...metric, problem: { code: 'unknown-metric', metric: spec.name, text } };
}

function blankArm(spec: MetricSpec, count: number): Arm {
  const blank = new Float64Array(count).fill(NaN);
  return spec.signal.type === 'ratio'
    ? { shape: 'ratio', events: blank, totals: blank }
    : { shape: 'gauge', values: blank };
}
