import type { IntervalGrid } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { Expression, Feed, Selector } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { isExpression } from '../../domain/signal-feeds.js';
import { SourceError, type ExpressionVariables, type MetricSource } from '../../sources/port.js';
import { maxGapMs } from './max-gap.js';
import { fillSelector, variablesOf } from './template.js';

/** `whole`, which holds unless said otherwise, is the service in any version. */
export type ArmName = 'treatment' | 'control' | 'whole';

export interface FeedRequest {
  readonly source: MetricSource;
  readonly deployment: Deployment;
  readonly arm?: ArmName;
  /** Labels that single out this arm, laid over selectors; empty for the whole service. */
  readonly overlay: Readonly<Record<string, string>>;
  readonly grid: IntervalGrid;
  /** Samples from this instant on are left unread even where a counter could use them. */
  readonly untilMs?: number;
  /** Whether native histograms are wanted, as series with the label `le`. */
  readonly takesHistograms?: true;
  /** Bounds of a histogram's history, which its live arms are compared at. */
  readonly bounds?: readonly number[];
}

/**
 * What feeds one part of an arm: raw samples of a selector, or an expression's value for each interval of the grid.
 * @throws SourceError
 */
export function readFeed(request: FeedRequest, feed: Feed): Promise<readonly SourceSeries[]> {
  return isExpression(feed) ? evaluate(request, feed) : fetchSeries(request, feed);
}

async function evaluate(request: FeedRequest, feed: Expression): Promise<readonly SourceSeries[]> {
  const { source, deployment, arm = 'whole', grid } = request;
  if (source.evaluate === undefined)
    throw new SourceError(
      'bad-query',
      `the source "${source.name}" has no query language; give a selector`,
      false,
    );
  return source.evaluate({
    project: deployment.project,
    expression: (arm === 'control' ? feed.control?.query : undefined) ?? feed.query,
    variables: expressionVariables(deployment, arm),
    fromMs: grid.startMs,
    toMs: grid.startMs + grid.count * grid.intervalMs,
    stepMs: grid.intervalMs,
    ...histogramsOf(request),
  });
}

/** What an expression may name; for the whole service it holds no version. */
export function expressionVariables(deployment: Deployment, arm: ArmName): ExpressionVariables {
  const { service, environment, version, previousVersion } = variablesOf(deployment);
  const shared = { service, environment, previousVersion };
  return arm === 'whole' ? shared : { ...shared, version: arm === 'control' ? previousVersion : version };
}

/** As far to either side as an increase is shared out, so that counters have their neighbours across the edges. */
function fetchSeries(request: FeedRequest, selector: Selector): Promise<readonly SourceSeries[]> {
  const { grid, deployment } = request;
  const filled = fillSelector(selector, request.overlay, variablesOf(deployment));
  const gapMs = maxGapMs(grid.intervalMs);
  const endMs = grid.startMs + grid.count * grid.intervalMs;
  return request.source.fetch({
    project: deployment.project,
    metric: filled.metric,
    labels: filled.labels,
    fromMs: grid.startMs - gapMs,
    toMs: Math.min(request.untilMs ?? Infinity, endMs + gapMs),
    ...histogramsOf(request),
  });
}

function histogramsOf({ takesHistograms }: FeedRequest): Pick<FeedRequest, 'takesHistograms'> {
  return takesHistograms === undefined ? {} : { takesHistograms };
}
