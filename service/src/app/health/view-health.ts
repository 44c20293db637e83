import { authorise } from '../../domain/authorise.js';
import type { Place } from '../../domain/deployment.js';
import type { FreshCheck } from '../../domain/fresh-check.js';
import type { ReleaseOutcome } from '../../domain/release-outcome.js';
import type { AppContext } from '../context.js';
import { permit } from '../permit.js';
import { AppError, type Caller } from '../use-cases.js';
import type { HealthPage, HealthQuery, PlaceHealth } from './health-over-time.js';
import { summariseReleases } from './summarise-releases.js';

/** Releases of one place in one answer; more would keep everybody else waiting. */
const MOST_RELEASES = 20_000;
const MOST_PERIODS = 400;

/** How deployments went over time, for each service and environment that the caller may see. @throws AppError `invalid` */
export async function viewHealth(ctx: AppContext, caller: Caller, query: HealthQuery): Promise<HealthPage> {
  checkRange(query);
  const own = (named: string | undefined, scope: string) => named ?? (scope === '*' ? undefined : scope);
  const service = own(query.service, caller.service);
  const environment = own(query.environment, caller.environment);
  const { project, fromMs: sinceMs, after, limit } = query;
  const filter = { project, ...(service === undefined ? {} : { service }) };
  permit(caller, 'read', { ...filter, ...(environment === undefined ? {} : { environment }) });
  const places = (await ctx.store.places({ ...filter, sinceMs }))
    .filter((place) => environment === undefined || place.environment === environment)
    .filter((place) => authorise(caller, 'read', place).kind === 'ok')
    .filter((place) => after === undefined || isBehind(place, after));
  const items: PlaceHealth[] = [];
  for (const place of places.slice(0, limit)) items.push(await healthOf(ctx, place, query));
  const last = items.at(-1)?.place;
  return { items, ...(places.length > limit && last !== undefined ? { last } : {}) };
}

function checkRange({ fromMs, toMs, everyMs }: HealthQuery): void {
  if (fromMs >= toMs)
    throw new AppError('invalid', 'the range ends before it begins', {
      field: 'to',
      remedy: 'give a "to" that is later than "from"',
    });
  if ((toMs - fromMs) / everyMs <= MOST_PERIODS) return;
  throw new AppError('invalid', `the range has more than ${MOST_PERIODS} periods`, {
    field: 'every',
    remedy: 'give longer periods or a shorter range',
  });
}

/** In the order of `places`: by name as the store compares them. */
function isBehind(place: Place, after: Pick<Place, 'service' | 'environment'>): boolean {
  if (place.service !== after.service) return place.service > after.service;
  return place.environment > after.environment;
}

async function healthOf(ctx: AppContext, place: Place, query: HealthQuery): Promise<PlaceHealth> {
  const { fromMs, toMs, everyMs } = query;
  const releases = await ctx.store.releaseOutcomes(place, { fromMs, toMs, limit: MOST_RELEASES + 1 });
  if (releases.length > MOST_RELEASES)
    throw new AppError('invalid', `${place.service} has more than ${MOST_RELEASES} releases in this range`, {
      field: 'from',
      remedy: 'give a shorter range',
    });
  const checks = (await ctx.store.freshChecks(place)).filter(
    ({ momentMs }) => momentMs >= fromMs && momentMs < toMs,
  );
  const numberOf = (ms: number): number => Math.floor((ms - fromMs) / everyMs);
  const releasesOf = grouped<ReleaseOutcome>(releases, ({ startedAtMs }) => numberOf(startedAtMs));
  const checksOf = grouped<FreshCheck>(checks, ({ momentMs }) => numberOf(momentMs));
  const numbers = [...new Set([...releasesOf.keys(), ...checksOf.keys()])].toSorted((a, b) => a - b);
  return {
    place,
    total: summariseReleases(releases, checks),
    periods: numbers.map((number) => ({
      fromMs: fromMs + number * everyMs,
      toMs: Math.min(toMs, fromMs + (number + 1) * everyMs),
      ...summariseReleases(releasesOf.get(number) ?? [], checksOf.get(number) ?? []),
    })),
  };
}

function grouped<Item>(
  items: readonly Item[],
  numberOf: (item: Item) => number,
): ReadonlyMap<number, readonly Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(numberOf(item));
    if (group === undefined) groups.set(numberOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
