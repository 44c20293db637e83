import { stateAt } from '../../domain/check.js';
import type { Collaboration } from '../../domain/collaboration.js';
import { inForce } from '../../domain/hold.js';
import type { AppContext } from '../context.js';
import { looksEndedAtMs, standingsAt } from '../evaluate/gate-inputs.js';
import { permittedDeployment } from '../permit.js';
import type { Caller, ChecksView } from '../use-cases.js';

/** Everything beside the metrics of a deployment as it is now: a pass that ran out reads as `expired`. */
export async function readCollaboration(ctx: AppContext, id: string): Promise<Collaboration> {
  const nowMs = ctx.clock();
  const { store } = ctx;
  const [checks, notes, incidents, acknowledgements, stored] = await Promise.all([
    store.checks(id),
    store.notes(id),
    store.incidents(id),
    store.acknowledgements(id),
    store.hold(id),
  ]);
  const hold = inForce(stored, nowMs);
  return {
    checks: checks.map((check) => ({ ...check, state: stateAt(check, nowMs) })),
    notes,
    incidents,
    acknowledgements,
    ...(hold === undefined ? {} : { hold }),
  };
}

/** Checks of a deployment, and how those stand that its steps so far must have. */
export async function viewChecks(ctx: AppContext, caller: Caller, id: string): Promise<ChecksView> {
  const deployment = await permittedDeployment(ctx.store, caller, 'read', id);
  const { checks } = await readCollaboration(ctx, id);
  const stepIndex = (await ctx.store.steps(id)).at(-1)?.index ?? 0;
  const nowMs = ctx.clock();
  const watches = await ctx.store.watches({ deploymentId: id });
  const watch = watches.findLast((one) => one.stepIndex === stepIndex && one.kind !== 'recovery');
  const looksOver = watch !== undefined && watch.lastLook >= watch.plannedLooks;
  const endedAtMs = looksOver ? await looksEndedAtMs(ctx.store, watch, nowMs) : undefined;
  const required = await standingsAt(ctx.store, deployment, stepIndex, nowMs, endedAtMs);
  return { deployment, checks, required };
}

/** Everybody whose pseudonym stands beside the metrics. */
export function pseudonymsIn(known: Collaboration): readonly string[] {
  const all = [
    ...known.checks,
    ...known.notes,
    ...known.incidents,
    ...known.acknowledgements,
    ...(known.hold === undefined ? [] : [known.hold]),
  ];
  return [
    ...all.flatMap(({ actor, person }) => [actor, ...(person === undefined ? [] : [person])]),
    ...known.acknowledgements.flatMap(({ releasedBy }) => releasedBy ?? []),
  ];
}
