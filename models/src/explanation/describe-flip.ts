import { formatSize, formatValue } from '../verdict/format-value.js';
import type { DecisionAhead, Flip } from './explanation.js';
import { message, type Message } from './message.js';
import { spanText } from './span-text.js';

/** Two significant digits, as p-values are read. */
function probability(p: number): string {
  return p < 0.0001 ? 'below 0.0001' : String(Number(p.toPrecision(2)));
}

function staysAt(flip: Extract<Flip, { kind: 'stays-at' }>, intervalMs: number): Message {
  const { metric, unit, level, expected, side, looks, verdict } = flip;
  const lastingMs = looks * intervalMs;
  const more = side === 'above' ? 'more' : 'less';
  const apart = `${formatSize(level - expected, unit)} ${side} what is expected`;
  const text = `Should ${metric} stay at ${formatValue(level, unit)} or ${more} (${apart}) for ${spanText(lastingMs)}, the verdict is ${verdict}.`;
  return message('stays-at', { metric, unit, level, expected, side, lastingMs, verdict }, text);
}

/**
 * What would change the verdict, as a sentence.
 * @param intervalMs of the watch
 */
export function describeFlip(flip: Flip, intervalMs: number): Message {
  const { kind, verdict } = flip;
  switch (kind) {
    case 'without-metric': {
      const { metric, p } = flip;
      const text = `Had ${metric} shown nothing unusual, p would be ${probability(p)} and the verdict ${verdict}.`;
      return message(kind, { metric, p, verdict }, text);
    }
    case 'without-limit': {
      const { metric, p } = flip;
      const text = `Had ${metric} kept to its limit, p would be ${probability(p)} and the verdict ${verdict}.`;
      return message(kind, { metric, p, verdict }, text);
    }
    case 'not-required': {
      const metrics = flip.metrics.join(', ');
      const text = `Did the policy not require ${metrics}, the verdict would be ${verdict}.`;
      return message(kind, { metrics, verdict }, text);
    }
    case 'stays-at':
      return staysAt(flip, intervalMs);
  }
}

/**
 * How long until a decision, as a sentence.
 * @param intervalMs of the watch
 */
export function describeAhead(ahead: DecisionAhead, intervalMs: number): Message {
  const { atMostLooks, rollback, continueInLooks } = ahead;
  const atMostMs = atMostLooks * intervalMs;
  const end = `The watch ends in ${spanText(atMostMs)} at the latest.`;
  if (rollback !== undefined) {
    const { metric } = rollback;
    const inMs = rollback.inLooks * intervalMs;
    const text = `Should ${metric} stay as now, the verdict is rollback in ${spanText(inMs)}. ${end}`;
    return message('rollback-ahead', { metric, inMs, atMostMs }, text);
  }
  if (continueInLooks !== undefined) {
    const inMs = continueInLooks * intervalMs;
    const text = `If everything goes on like this, the verdict is continue in about ${spanText(inMs)}. ${end}`;
    return message('continue-ahead', { inMs, atMostMs }, text);
  }
  return message('end-ahead', { atMostMs }, end);
}
