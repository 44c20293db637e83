import { formatNumber, formatSize, formatValue, type EffectSize } from '@bellwether/models';
import type { BurnRateRail, Feed, MetricSpec, Policy, Signal } from '../../domain/policy.js';
import { span } from './span.js';

const harms = { up: 'rising', down: 'falling', both: 'rising or falling' } as const;

/** How one metric is judged, a sentence or two a line. */
export function explainMetric(metric: MetricSpec, policy: Policy): readonly string[] {
  const { name, kind, unit, direction, criticality, group, weight } = metric;
  const share = weight === 1 ? '' : `, weight ${weight}`;
  const about = [kind, unit, group === undefined ? '' : `group "${group}"`].filter((part) => part !== '');
  return [
    `${name} (${about.join(', ')}${share})`,
    `  Harm is ${harms[direction]} by at least ${size(metric.minEffect, unit)}; less never rolls back.`,
    ...(criticality === 'advisory'
      ? ['  Advisory: it is shown and never decides.']
      : [
          `  ${criticality === 'critical' ? 'Critical: critical metrics own half of the error budget. ' : ''}To continue early, harm of ${size(metric.tolerance, unit)} must be ruled out.`,
        ]),
    `  Without data: ${missing(metric)}`,
    ...guardRails(metric),
    ...ahead(metric),
    ...times(metric, policy),
    `  Read from ${reads(metric.signal)}.`,
  ];
}

function size({ relative, absolute }: EffectSize, unit: string): string {
  const parts = [
    ...(relative === undefined ? [] : [`${formatNumber(100 * relative)} %`]),
    ...(absolute === undefined ? [] : [formatSize(absolute, unit)]),
  ];
  return parts.length === 2 ? `${parts.join(' and ')} (both)` : (parts[0] ?? 'nothing');
}

function missing({ missing: rule, criticality }: MetricSpec): string {
  if (rule === 'required') return 'required, so the watch cannot continue and ends inconclusive.';
  return criticality === 'advisory'
    ? 'it is shown as missing.'
    : 'optional, so the others decide; were nothing to be judged, the watch ends inconclusive.';
}

function guardRails({ guardRail, burnRate, unit, criticality }: MetricSpec): readonly string[] {
  if (criticality === 'advisory') return [];
  const limits = [
    ...(guardRail?.above === undefined ? [] : [`above ${formatValue(guardRail.above, unit)}`]),
    ...(guardRail?.below === undefined ? [] : [`below ${formatValue(guardRail.below, unit)}`]),
  ];
  const looks =
    guardRail === undefined || guardRail.forLooks === 1
      ? 'one interval'
      : `${guardRail.forLooks} intervals on end`;
  return [
    ...(limits.length === 0 ? [] : [`  Guard-rail: ${limits.join(' or ')} for ${looks} rolls back at once.`]),
    ...(burnRate === undefined ? [] : burnRateLines(burnRate)),
  ];
}

function burnRateLines({ objective, windows, fewestEvents }: BurnRateRail): readonly string[] {
  const budget = `the error budget of ${Number((100 * objective).toPrecision(7))} % good events`;
  const limits = windows.map(
    ({ limit, longMs, shortMs }) =>
      `  - ${limit} times as fast as it may over ${span(longMs)}, and still over the last ${span(shortMs)}`,
  );
  return [
    `  Guard-rail: from ${fewestEvents} bad events since the change on, burning ${budget} faster than this rolls back at once:`,
    ...limits,
  ];
}

function ahead({ horizonMs, ceiling, unit, criticality }: MetricSpec): readonly string[] {
  return [
    ...(ceiling === undefined
      ? []
      : [
          `  Ceiling: verdicts say when it reaches ${`${ceiling} ${unit}`.trim()}; that alone decides nothing.`,
        ]),
    ...(horizonMs === undefined || criticality === 'advisory'
      ? []
      : [
          `  Ahead: once the evidence reached α, harm that its trend brings within ${span(horizonMs)} counts as harm now.`,
        ]),
  ];
}

function times({ warmupMs, settleMs }: MetricSpec, policy: Policy): readonly string[] {
  const late = (settleMs ?? 0) - policy.settleMs;
  return [
    ...(warmupMs > 0 ? [`  The first ${span(warmupMs)} after the change are warm-up and not judged.`] : []),
    ...(late > 0
      ? [
          `  Its samples may arrive ${span(settleMs ?? 0)} late, so it is judged ${span(late)} after the others.`,
        ]
      : []),
  ];
}

function reads(signal: Signal): string {
  const where =
    signal.source === undefined || signal.source === 'push'
      ? 'what is pushed'
      : `the source "${signal.source}"`;
  if (signal.type === 'ratio')
    return `${where}: the share of ${feed(signal.events)} in ${feed(signal.total)}`;
  if (signal.type === 'histogram') {
    const buckets = 'query' in signal ? feed(signal) : feed(signal.series);
    return `${where}: the buckets of the histogram ${buckets}, compared over their whole distribution`;
  }
  if ('query' in signal) return `${where}: ${feed(signal)}`;
  const how = signal.type === 'counter' ? 'a second of the counter' : 'of the gauge';
  return `${where}: the ${signal.combine === 'only' ? 'only series' : signal.combine} ${how} ${feed(signal.series)}`;
}

function feed(part: Feed): string {
  if ('query' in part) return part.query.replaceAll(/\s+/g, ' ');
  const labels = Object.entries(part.labels).map(([name, value]) => `${name}="${value}"`);
  return labels.length === 0 ? part.metric : `${part.metric}{${labels.join(', ')}}`;
}
