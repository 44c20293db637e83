import { instantText } from '../instant-text.js';
import type { HealthPage, HealthPeriod, HealthQuery } from './health-over-time.js';

/** How deployments went over time, as the API shows it. */
export function presentHealth(query: HealthQuery, { items, last }: HealthPage) {
  return {
    project: query.project,
    from: instantText(query.fromMs),
    to: instantText(query.toMs),
    items: items.map(({ place, total, periods }) => ({
      service: place.service,
      environment: place.environment,
      total,
      periods: periods.map(presentPeriod),
    })),
    ...(last === undefined ? {} : { nextCursor: encodePlace(last) }),
  };
}

function presentPeriod({ fromMs, toMs, ...summary }: HealthPeriod) {
  return { from: instantText(fromMs), to: instantText(toMs), ...summary };
}

function encodePlace({ service, environment }: NonNullable<HealthPage['last']>): string {
  return Buffer.from(JSON.stringify([service, environment])).toString('base64url');
}

/** The place that a cursor names; undefined for anything that `presentHealth` did not write. */
export function decodePlace(cursor: string): HealthPage['last'] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const [service, environment] = Array.isArray(parsed) ? (parsed as readonly unknown[]) : [];
    return typeof service === 'string' && typeof environment === 'string'
      ? { service, environment }
      : undefined;
  } catch {
    return undefined;
  }
}
