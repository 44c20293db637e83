import type { Arm, IntervalGrid, LiveMetric, Reason } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { Feed, MetricSpec } from '../../domain/policy.js';
import { isExpression, PUSH_SOURCE } from '../../domain/signal-feeds.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { requireSource, type Sources } from '../source-for.js';
import { isReadBeside } from './arms.js';
import { askBoth } from './ask-both.js';
import type { Outages } from './outages.js';
import { readArm, type ArmReading } from './read-arm.js';
import type { ArmName } from './read-feed.js';

interface MetricRequest {
  readonly sources: Sources;
  readonly deployment: Deployment;
  readonly step: Step;
  readonly spec: MetricSpec;
  readonly grid: IntervalGrid;
  readonly untilMs?: number;
  readonly isKnown?: (source: MetricSource, events: Feed) => Promise<boolean>;
  /** Whether an optional metric whose source does not answer is left out now, instead of holding the look up. */
  readonly goOnWithoutOptional?: boolean;
  /** Bounds of a histogram's history, which its live arms are compared at. */
  readonly bounds?: readonly number[];
  /** Shared by the metrics that are read for one look or history. */
  readonly outages: Outages;
}

/** A metric as it was read; with a problem, an arm is NaN throughout and the problem says why. */
export interface ReadMetric extends LiveMetric {
  readonly problem?: Reason;
  /** It was left out of this look only because its source does not answer. */
  readonly unanswered?: true;
}

/**
 * Both arms of a metric. What asking again cannot help (a selector that matches too much, an unknown name) makes this metric
 * insufficient and leaves the others alone.
 * @throws SourceError that is retryable
 */
export async function readMetric(request: MetricRequest): Promise<ReadMetric> {
  const { spec } = request;
  const isBeside = isReadBeside(request.deployment, request.step, spec);
  const leavesOut = isLeftOut(request);
  const { source: named = PUSH_SOURCE } = spec.signal;
  const outage = request.outages.of(named);
  if (leavesOut && outage !== undefined) return unread(request, isBeside, outage);
  try {
    const source = requireSource(request.sources, spec.signal.source, request.deployment.project);
    const metric = isBeside ? await readBeside(request, source) : await readWhole(request, source);
    request.outages.answered(named);
    return metric;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.code === 'unavailable') request.outages.failed(named);
    if (error.retryable && !leavesOut) throw error;
    return unread(request, isBeside, error);
  }
}

/** Whether this metric is done without where its source does not answer. */
function isLeftOut({ goOnWithoutOptional, spec }: MetricRequest): boolean {
  return goOnWithoutOptional === true && spec.missing === 'optional';
}

async function readWhole(request: MetricRequest, source: MetricSource): Promise<ReadMetric> {
  const { arm, unknownEvents } = await readOne(request, source, 'whole');
  return withProblem(request, { treatment: arm }, unknownEvents);
}

async function readBeside(request: MetricRequest, source: MetricSource): Promise<ReadMetric> {
  const [treatment, control] = await askBoth(
    source,
    () => readOne(request, source, 'treatment'),
    () => readOne(request, source, 'control'),
  );
  return withProblem(
    request,
    { treatment: treatment.arm, control: control.arm },
    treatment.unknownEvents ?? control.unknownEvents,
  );
}

function readOne(request: MetricRequest, source: MetricSource, arm: ArmName): Promise<ArmReading> {
  const { deployment, spec, grid, untilMs, isKnown, bounds } = request;
  return readArm({
    source,
    deployment,
    signal: spec.signal,
    arm,
    overlay: arm === 'whole' ? {} : spec.arms[arm],
    grid,
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(bounds === undefined ? {} : { bounds }),
    ...(isKnown === undefined ? {} : { isKnown: (events: Feed) => isKnown(source, events) }),
  });
}

function unread({ spec, grid }: MetricRequest, isBeside: boolean, error: SourceError): ReadMetric {
  const arm = blankArm(spec, grid.count);
  const text = `${spec.name} could not be read: ${error.message}`;
  return {
    treatment: arm,
    ...(isBeside ? { control: arm } : {}),
    problem: { code: error.code, metric: spec.name, text },
    ...(error.retryable ? { unanswered: true } : {}),
  };
}

function withProblem({ spec }: MetricRequest, metric: LiveMetric, unknown: Feed | undefined): ReadMetric {
  if (unknown === undefined) return metric;
  const text = `${spec.name}: requests are counted, but ${unknownWords(unknown)}`;
  return { ...metric, problem: { code: 'unknown-metric', metric: spec.name, text } };
}

function unknownWords(unknown: Feed): string {
  if (isExpression(unknown))
    return `the events query has given no value since the history began, so "no events" cannot be told from a misspelt name. Correct it, or write "or vector(0)" after it where none means zero. Query: ${unknown.query}`;
  const { metric, labels } = unknown;
  return `no series named "${metric}" is known in this project (events selector: ${metric}${JSON.stringify(labels)}), so "no events" cannot be told from a misspelt name. Correct the events selector, or export the counter from the start with 0.`;
}

function blankArm(spec: MetricSpec, count: number): Arm {
  const blank = new Float64Array(count).fill(NaN);
  switch (spec.signal.type) {
    case 'ratio':
      return { shape: 'ratio', events: blank, totals: blank };
    case 'histogram':
      return { shape: 'histogram', upperBounds: Float64Array.of(Infinity), counts: [blank] };
    case 'gauge':
    case 'counter':
      return { shape: 'gauge', values: blank };
  }
}
