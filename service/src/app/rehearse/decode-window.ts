import { decodeSeries, type Remark } from './decode-series.js';
import { isRecord } from './is-record.js';
import { WindowError, type RecordedWindow, type WindowId } from './recorded-window.js';

/** Fields with a meaning; `set`, `replicas` and `expect` are for others and never looked at here. */
const FIELDS: ReadonlySet<string> = new Set([
  ...['id', 'change_at', 'interval_s', 'metrics', 'policy', 'service', 'traffic_share'],
  ...['set', 'replicas', 'stages_complete_at', 'expect'],
]);
/** The year 5138: a time beyond it was given in milliseconds. */
const LATEST_SECONDS = 1e11;

/**
 * A recorded window from a line of a file that somebody else wrote: what is unknown is ignored and remarked, what cannot be judged
 * without is an error.
 * @throws WindowError that names the field
 */
export function decodeWindow(value: unknown, remark: Remark): RecordedWindow {
  if (!isRecord(value)) throw new WindowError('is not an object; write one window a line');
  for (const field of Object.keys(value))
    if (!FIELDS.has(field)) remark(`unknown field "${field}" is ignored`);
  remarkOnRollout(value, remark);
  const { metrics, service, policy, traffic_share: trafficShare, stages_complete_at: stages } = value;
  if (!Array.isArray(metrics)) throw new WindowError('"metrics" is not a list');
  return {
    id: windowId(value),
    changeAtSeconds: changeAt(value['change_at']),
    series: (metrics as unknown[]).flatMap((metric, index) => decodeSeries(metric, index, remark) ?? []),
    ...interval(value['interval_s']),
    ...(isRisingSeconds(stages) && stages[0] !== undefined ? { firstCompleteSeconds: stages[0] } : {}),
    ...(typeof trafficShare === 'number' && trafficShare > 0 && trafficShare < 1 ? { trafficShare } : {}),
    ...(typeof service === 'string' ? { service } : {}),
    ...(policy === undefined ? {} : { policy }),
  };
}

/** One who describes the rollout in a form that nobody can read wants to know. */
function remarkOnRollout(
  { replicas, stages_complete_at: stages }: Readonly<Record<string, unknown>>,
  remark: Remark,
): void {
  if (replicas !== undefined && !(Number.isInteger(replicas) && Number(replicas) >= 1))
    remark('"replicas" is no whole number of at least 1; it changes no verdict');
  if (stages !== undefined && !isRisingSeconds(stages))
    remark('"stages_complete_at" is no ascending list of seconds since 1970; it is ignored');
}

function isRisingSeconds(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.every(
      (at: unknown, index) =>
        typeof at === 'number' &&
        Math.abs(at) < LATEST_SECONDS &&
        (index === 0 || at >= Number(value[index - 1])),
    )
  );
}

/**
 * The id of anything that is a window, so that a faulty one can be named, too.
 * @throws WindowError without one
 */
export function windowId(value: unknown): WindowId {
  const id = isRecord(value) ? value['id'] : undefined;
  if ((typeof id === 'string' && id !== '') || typeof id === 'number') return id;
  throw new WindowError('has no "id"; give each window one, text or a number');
}

function changeAt(value: unknown): number {
  if (typeof value !== 'number')
    throw new WindowError('"change_at" is not a number; give seconds since 1970');
  if (!(Math.abs(value) < LATEST_SECONDS))
    throw new WindowError(
      `"change_at" is ${value}, which is not in seconds since 1970; divide milliseconds by 1000`,
    );
  return value;
}

function interval(value: unknown): { readonly intervalSeconds?: number } {
  if (value === undefined || value === null) return {};
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return { intervalSeconds: value };
  throw new WindowError('"interval_s" is not a number above 0; give the seconds between two samples');
}
