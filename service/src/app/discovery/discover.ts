import type { Place } from '../../domain/deployment.js';
import { PUSH_SOURCE } from '../../domain/signal-feeds.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import type { AppContext } from '../context.js';
import { permit } from '../permit.js';
import { sourceFor } from '../source-for.js';
import { AppError, type Caller } from '../use-cases.js';
import { assessGroups, type AssessedGroup } from './assess-groups.js';
import { buildSignal } from './build-signal.js';
import type { DiscoveryQuery, Found } from './found.js';
import { groupSeries } from './group-series.js';
import { filledMatch, listFound } from './list-found.js';
import { proposePolicy } from './propose-policy.js';

type Labels = Readonly<Record<string, string>>;

/** What had no sample for that long is gone. */
const LOOKED_BACK_MS = 86_400_000;
const VALUES_TOLD = 5;

/** The series of a service by label, what each metric is good for, and a policy made of them. */
export async function discover(ctx: AppContext, caller: Caller, query: DiscoveryQuery): Promise<Found> {
  const { project, service, environment } = query;
  permit(caller, 'read', { project, service, ...(environment === undefined ? {} : { environment }) });
  const name = query.source ?? PUSH_SOURCE;
  const usable = sourceFor(ctx.sources, name, project);
  if (usable.kind === 'unusable')
    throw new AppError('invalid', usable.reason, { field: 'source', remedy: usable.remedy });
  const place = { project, service, environment: environment ?? '' };
  const match = query.match ?? placeMatch(query);
  checkMatch(caller, query, match);
  const groups = await assessGroups(await groupSeries(await listed(ctx, usable.source, place, match)));
  if (groups.length === 0) throw await nothingFound(ctx, caller, usable.source, place, match);
  const found = { source: usable.source, match: templated(match, query) };
  return {
    source: name,
    series: groups.reduce((sum, { group }) => sum + group.series, 0),
    metrics: groups.map((each) => withReadability(found, each)),
    ...proposePolicy(found, groups, service),
  };
}

function placeMatch({ service, environment }: DiscoveryQuery): Labels {
  return { service, ...(environment === undefined ? {} : { environment }) };
}

/** A scoped token must not read other services' series by their labels. */
function checkMatch(caller: Caller, query: DiscoveryQuery, match: Labels): void {
  if (Object.values(match).every((value) => value === ''))
    throw new AppError('invalid', 'the labels take in every series there is', {
      field: 'match',
      remedy: 'give a label with a value, such as job:cart',
    });
  const matched = filledMatch(match, { service: query.service, environment: query.environment ?? '' });
  for (const label of ['service', 'environment'] as const) {
    if (caller[label] === '*' || matched[label] === caller[label]) continue;
    throw new AppError('forbidden', `the token is scoped to the ${label} "${caller[label]}"`, {
      field: 'match',
      remedy: `match the label ${label}:${caller[label]} too, or use a token without this scope`,
    });
  }
}

async function listed(ctx: AppContext, source: MetricSource, place: Place, match: Labels) {
  const toMs = ctx.clock() + 1;
  try {
    return await listFound({ source, place, match, fromMs: toMs - LOOKED_BACK_MS, toMs });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.code === 'too-many-series')
      throw new AppError('invalid', error.message, { field: 'match', remedy: 'match more labels' });
    if (error.retryable)
      throw new AppError('unavailable', error.message, { remedy: 'try again', retryAfterSeconds: 5 });
    throw new AppError('invalid', error.message, { field: 'source', remedy: 'name another source' });
  }
}

/** A policy that is kept works for every service and environment that it fits. */
function templated(match: Labels, { service, environment }: DiscoveryQuery): Labels {
  const variable = (value: string): string =>
    value === service ? '{{service}}' : value === environment && value !== '' ? '{{environment}}' : value;
  return Object.fromEntries(Object.entries(match).map(([name, value]) => [name, variable(value)]));
}

/** Whether it can be read is a question of the source, which classification does not know. */
function withReadability(found: Parameters<typeof buildSignal>[0], each: AssessedGroup): AssessedGroup {
  if (each.classification.use === 'skip') return each;
  const { reading } = each.classification;
  const built = buildSignal(found, each.group, reading, reading === 'summary' ? 0.99 : 0.95);
  return built.kind === 'signal' ? each : { ...each, classification: { use: 'skip', reason: built.reason } };
}

async function nothingFound(
  ctx: AppContext,
  caller: Caller,
  source: MetricSource,
  place: Place,
  match: Labels,
): Promise<AppError> {
  const asked = Object.entries(match).map(([name, value]) => `${name}="${value}"`);
  const isScoped = caller.service !== '*' || caller.environment !== '*';
  const labels = isScoped ? undefined : await labelsThere(ctx, source, place, match);
  const remedy =
    labels === undefined || labels.length === 0
      ? 'check the labels and the source ("match" replaces the default, the label service); a service shows up once it has samples'
      : `match labels that are there: ${labels.join('; ')}`;
  return new AppError(
    'not-found',
    `no series of the last day in the source "${source.name}" carries ${asked.join(', ')}`,
    { field: 'match', remedy },
  );
}

/** Labels of the project's series, the wanted ones first, each with some values; undefined where the source does not say. */
async function labelsThere(
  ctx: AppContext,
  source: MetricSource,
  place: Place,
  match: Labels,
): Promise<readonly string[] | undefined> {
  const toMs = ctx.clock() + 1;
  try {
    const all = await listFound({ source, place, match: {}, fromMs: toMs - LOOKED_BACK_MS, toMs });
    const values = new Map<string, Set<string>>();
    for (const { labels } of await groupSeries(all))
      for (const [name, some] of labels) values.set(name, new Set([...(values.get(name) ?? []), ...some]));
    const wanted = (name: string): number => (Object.hasOwn(match, name) ? 0 : 1);
    return [...values]
      .toSorted(([a], [b]) => wanted(a) - wanted(b) || (a < b ? -1 : 1))
      .slice(0, 10)
      .map(([name, some]) => {
        const told = [...some].toSorted().slice(0, VALUES_TOLD).join(', ');
        return `${name} (${told}${some.size > VALUES_TOLD ? ', …' : ''})`;
      });
  } catch {
    // It would only have helped; a Prometheus, say, refuses to list everything.
    return undefined;
  }
}
