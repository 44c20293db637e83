import type { Deployment } from '../../domain/deployment.js';
import type { Expression, Feed, Selector } from '../../domain/policy.js';
import { isExpression } from '../../domain/signal-feeds.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { readFeed } from './read-feed.js';
import { fillSelector, variablesOf } from './template.js';

/** How far back other services are asked for a metric's name: every one of their series answers, so it must stay short. */
const OTHERS_INTERVALS = 60;

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Whether events are known: to this service in any arm since `fromMs`, or else, by the name of their metric, to anybody in the project
 * of late. What is known is asked for once.
 */
export function createKnownEvents(deployment: Deployment, fromMs: number) {
  const known = new Set<string>();
  /** Until when an expression is known to have had no value. */
  const silentUntilMs = new Map<string, number>();

  const selected = async (source: MetricSource, events: Selector, range: Range): Promise<boolean> => {
    const own = fillSelector(events, {}, variablesOf(deployment));
    const others = { metric: events.metric, labels: {} };
    const othersFromMs = Math.max(fromMs, range.toMs - OTHERS_INTERVALS * deployment.policy.intervalMs);
    return (
      (await answers(source, deployment.project, own, range)) ||
      (await answers(source, deployment.project, others, { ...range, fromMs: othersFromMs }))
    );
  };

  const evaluated = async (source: MetricSource, events: Expression, range: Range): Promise<boolean> => {
    const { intervalMs } = deployment.policy;
    const startMs = Math.max(range.fromMs, silentUntilMs.get(events.query) ?? range.fromMs);
    const count = Math.floor((range.toMs - startMs) / intervalMs);
    if (count < 1) return false;
    const grid = { startMs, intervalMs, count };
    const found = await readFeed({ source, deployment, arm: 'whole', overlay: {}, grid }, events);
    if (found.length > 0) return true;
    silentUntilMs.set(events.query, startMs + count * intervalMs);
    return false;
  };

  return async (source: MetricSource, events: Feed, toMs: number): Promise<boolean> => {
    const name = `${source.name} ${isExpression(events) ? events.query : events.metric}`;
    if (known.has(name)) return true;
    const range = { fromMs, toMs };
    const found = isExpression(events)
      ? await evaluated(source, events, range)
      : await selected(source, events, range);
    if (found) known.add(name);
    return found;
  };
}

async function answers(
  source: MetricSource,
  project: string,
  selector: Selector,
  range: Range,
): Promise<boolean> {
  try {
    return (await source.fetch({ project, ...selector, ...range })).length > 0;
  } catch (error) {
    // More of them than anybody can read is an answer too.
    if (error instanceof SourceError && error.code === 'too-many-series') return true;
    throw error;
  }
}
