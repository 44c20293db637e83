import type { Forecast } from '../forecast/forecast.js';
import { formatValue } from '../verdict/format-value.js';
import { message, type Message } from './message.js';
import { spanText } from './span-text.js';

const LIMITS: Readonly<Record<Forecast['limit']['kind'], string>> = {
  'guard-rail': 'its limit',
  ceiling: 'its ceiling',
  'burn-rate': 'the burn rate limit of its error budget,',
};

/** "memory will reach its ceiling of 4 GiB in about 34 min (26 min to 51 min)", without a full stop. */
export function forecastClause(forecast: Forecast, intervalMs: number): string {
  const { metric, unit, limit, inLooks, earliestInLooks, latestInLooks } = forecast;
  const after = (looks: number): string => spanText(looks * intervalMs);
  const latest = latestInLooks === undefined ? 'or later' : `to ${after(latestInLooks)}`;
  const what = limit.kind === 'burn-rate' ? LIMITS[limit.kind] : `${LIMITS[limit.kind]} of`;
  return `${metric} will reach ${what} ${formatValue(limit.value, unit)} in about ${after(inLooks)} (${after(earliestInLooks)} ${latest})`;
}

/**
 * When a metric breaches its limit, as a sentence.
 * @param intervalMs of the watch
 */
export function describeForecast(forecast: Forecast, intervalMs: number): Message {
  const { metric, unit, limit, inLooks, earliestInLooks, latestInLooks } = forecast;
  const parameters = {
    metric,
    unit,
    limit: limit.value,
    side: limit.side,
    inMs: inLooks * intervalMs,
    earliestInMs: earliestInLooks * intervalMs,
    latestInMs: latestInLooks === undefined ? undefined : latestInLooks * intervalMs,
  };
  const text = `If it goes on like this, ${forecastClause(forecast, intervalMs)}.`;
  return message(`forecast-${limit.kind}`, parameters, text);
}
