import { sql, type Kysely } from 'kysely';
import type { Place } from '../../domain/deployment.js';
import type { Feedback } from '../../domain/feedback.js';
import type { ReleaseOutcome } from '../../domain/release-outcome.js';
import { fromDocument } from './document.js';
import type { Tables } from './tables.js';

type Db = Kysely<Tables>;

/** Releases of a place that began in [fromMs, toMs), from the index by service; newest first. */
export async function releaseOutcomes(
  db: Db,
  place: Place,
  range: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
): Promise<readonly ReleaseOutcome[]> {
  const releases = await inRange(db, place, range)
    .select(['deployment.id', 'started_at_ms', 'state', 'verdict_value'])
    .select((column) =>
      column
        .selectFrom('verdict')
        .select('decided_at_ms')
        .whereRef('verdict.deployment_id', '=', 'deployment.id')
        .where('verdict.value', 'in', ['continue', 'rollback', 'inconclusive'])
        .orderBy('sequence')
        .limit(1)
        .as('first_verdict_at_ms'),
    )
    .where(sql<boolean>`deployment.document ->> '$.rollbackOf' IS NULL`)
    .orderBy('started_at_ms', 'desc')
    .orderBy('deployment.id', 'desc')
    .limit(range.limit)
    .execute();
  const said = await feedbackIn(db, place, range);
  return releases.map((row) => ({
    deploymentId: row.id,
    startedAtMs: row.started_at_ms,
    state: row.state as ReleaseOutcome['state'],
    verdict: row.verdict_value as ReleaseOutcome['verdict'],
    ...(row.first_verdict_at_ms === null ? {} : { firstVerdictAtMs: row.first_verdict_at_ms }),
    feedback: said.get(row.id)?.map(({ entry }) => entry) ?? [],
    verdicts: said.get(row.id)?.flatMap(({ verdict }) => verdict ?? []) ?? [],
  }));
}

function inRange(db: Db, { project, service, environment }: Place, range: { fromMs: number; toMs: number }) {
  return db
    .selectFrom('deployment')
    .where('project', '=', project)
    .where('service', '=', service)
    .where('environment', '=', environment)
    .where('started_at_ms', '>=', range.fromMs)
    .where('started_at_ms', '<', range.toMs);
}

interface Said {
  readonly entry: Feedback;
  readonly verdict?: ReleaseOutcome['verdicts'][number];
}

/** What people said, each entry with the verdict that it speaks of; oldest first. */
async function feedbackIn(
  db: Db,
  place: Place,
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<ReadonlyMap<string, readonly Said[]>> {
  const rows = await inRange(db, place, range)
    .innerJoin('feedback', 'feedback.deployment_id', 'deployment.id')
    .leftJoin('verdict', (join) => join.on(sql`verdict.id`, '=', sql`feedback.document ->> '$.verdictId'`))
    .select(['deployment.id', 'feedback.number', 'feedback.document', 'verdict.value'])
    .orderBy('feedback.number')
    .execute();
  const found = new Map<string, Said[]>();
  for (const { id, number, value, ...row } of rows) {
    const stored = fromDocument(row) as Omit<Feedback, 'id'> & { readonly id?: string };
    const entry = { ...stored, id: stored.id ?? `feedback-${number}` };
    const verdict = { id: entry.verdictId, value: value as ReleaseOutcome['verdict'] };
    const list = found.get(id) ?? [];
    list.push(value === null ? { entry } : { entry, verdict });
    found.set(id, list);
  }
  return found;
}
