import { authorise } from '../../domain/authorise.js';
import type { Place } from '../../domain/deployment.js';
import { RELEASES_LEARNED_FROM, tuningOf } from '../../domain/tune.js';
import { standingOf } from '../calibration-check/standing-of.js';
import type { AppContext } from '../context.js';
import { permit } from '../permit.js';
import { AppError, type CalibrationView, type Caller } from '../use-cases.js';
import { labelledHistory } from './labelled-history.js';

/** Environments of one service that are looked through. */
const MOST_ENVIRONMENTS = 50;

/** How well a service is calibrated, in each environment that the caller may see. @throws AppError `not-found` */
export async function viewCalibration(
  ctx: AppContext,
  caller: Caller,
  query: { readonly project: string; readonly service: string; readonly environment?: string },
): Promise<readonly CalibrationView[]> {
  const environment = query.environment ?? (caller.environment === '*' ? undefined : caller.environment);
  permit(caller, 'read', { ...query, ...(environment === undefined ? {} : { environment }) });
  const { project, service } = query;
  const places = (await ctx.store.places({ project, service }))
    .filter((place) => environment === undefined || place.environment === environment)
    .filter((place) => authorise(caller, 'read', place).kind === 'ok')
    .slice(0, MOST_ENVIRONMENTS);
  const views: CalibrationView[] = [];
  for (const place of places) views.push(...(await viewOf(ctx, place)));
  if (views.length > 0) return views;
  const where = environment === undefined ? '' : ` in "${environment}"`;
  throw new AppError('not-found', `nothing was deployed to "${service}"${where}`, {
    remedy: 'check the names; GET /api/v1/deployments lists what there is',
  });
}

async function viewOf(ctx: AppContext, place: Place): Promise<readonly CalibrationView[]> {
  const { store } = ctx;
  const [newest] = (await store.deployments({ ...place, limit: 1 })).items;
  if (newest === undefined) return [];
  const { policy } = newest;
  const releases = await store.judgedReleases(place, RELEASES_LEARNED_FROM);
  const reset = await store.tuningReset(place);
  const tuning = tuningOf(policy, releases, reset?.atMs);
  return [
    {
      place,
      policy: { name: policy.name, alpha: policy.alpha, prior: policy.prior },
      ...(tuning === undefined ? {} : { tuning }),
      labelled: labelledHistory(releases),
      freshChecks: standingOf(await store.freshChecks(place), policy.alpha),
    },
  ];
}
