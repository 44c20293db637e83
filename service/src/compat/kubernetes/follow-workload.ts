import type { Caller, UseCases } from '../../app/use-cases.js';
import type { HookRule } from '../../domain/hook.js';
import type { ChangeEvent } from '../change-event.js';
import { followEvent, type Followed } from '../follow-event.js';
import { placeOf } from '../place-of.js';
import { revisionOf, workloadEvent } from './workload-event.js';
import type { Workload } from './workload.js';
import { workloadVersion } from './workload-version.js';

export interface WorkloadContext {
  readonly useCases: UseCases;
  readonly caller: Caller;
  readonly clock: () => number;
  /** Name of the watcher. */
  readonly reporter: string;
  readonly rules: readonly HookRule[];
}

/** What a workload was last seen at. */
interface Seen {
  readonly revision: string;
  readonly version: string;
  /** What its newest revision replaced. */
  readonly before?: string;
  /** Everything that was carried out already. */
  readonly state: string;
}

/** Turns the present state of workloads into deployments, each state once. */
export interface WorkloadFollower {
  /** @param isFirst it was there when the watch began: what was out before then is no deployment of ours */
  seen(object: Workload, isFirst: boolean): Promise<Followed>;
  gone(object: Workload): void;
}

/** Makes the follower; it remembers what it saw, and the store what came of it, so that a restart neither loses nor doubles a revision. */
export function createWorkloadFollower(ctx: WorkloadContext): WorkloadFollower {
  const known = new Map<string, Seen>();
  return {
    async seen(object, isFirst) {
      const key = keyOf(object);
      const earlier = known.get(key);
      const now = seenNow(object, earlier);
      if (now === undefined) return { outcome: 'ignored', reason: 'it has no revision yet' };
      if (earlier?.state === now.state) return { outcome: 'unchanged' };
      // What appears, or changes its revision, before our eyes is no old thing, whatever its state.
      const isNew = !isFirst && earlier?.revision !== now.revision;
      const followed = await followWorkload(ctx, workloadEvent(object, now.before), isNew);
      known.set(key, now);
      return followed;
    },
    gone: (object) => void known.delete(keyOf(object)),
  };
}

async function followWorkload(
  { rules, useCases, caller, clock, reporter }: WorkloadContext,
  event: ChangeEvent | undefined,
  isNew: boolean,
): Promise<Followed> {
  if (event === undefined) return { outcome: 'ignored', reason: 'it has no version' };
  const mapped = placeOf(rules, event.subject);
  if (mapped.kind === 'unmapped') return { outcome: 'ignored', reason: mapped.reason };
  if (mapped.kind === 'ignored') return { outcome: 'ignored', reason: 'a rule leaves it out' };
  const { rule, service, environment } = mapped;
  const place = { project: rule.project ?? 'default', service, environment };
  const { settledBy: _settled, ...unsettled } = event;
  return followEvent({ useCases, caller, clock, reporter, place, rule }, isNew ? unsettled : event);
}

/** Not by kind, which the items of a list do not carry. */
function keyOf({ metadata: { namespace, name, uid } }: Workload): string {
  return JSON.stringify([namespace, name, uid ?? '']);
}

function seenNow(object: Workload, earlier: Seen | undefined): Seen | undefined {
  const revision = revisionOf(object);
  const version = workloadVersion(object);
  const event = workloadEvent(object);
  if (revision === undefined || version === undefined || event === undefined) return undefined;
  const before = earlier?.revision === revision ? earlier.before : earlier?.version;
  const state = JSON.stringify([revision, event.move, event.stepIndex ?? 0]);
  return { revision, version, state, ...(before === undefined ? {} : { before }) };
}
