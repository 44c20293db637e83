import { join, resolve } from 'node:path';
import { SHIPPED_PLAN, type TrainingPlan } from './train-model.js';

/**
 * The folder that a training writes to. Only the plan that is shipped may replace what is shipped: a short trial or an ablation under
 * the same name and version would be taken for it.
 *
 * @param shipped folder of the artefacts that are shipped
 * @param out as the user named it
 * @throws Error for any other plan without a folder of its own
 */
export function artifactFolder(
  plan: TrainingPlan,
  model: string,
  shipped: string,
  out: string | undefined,
): string {
  const isShippedPlan = JSON.stringify(plan) === JSON.stringify(SHIPPED_PLAN);
  const isOwnFolder = out !== undefined && resolve(out) !== resolve(shipped);
  if (isShippedPlan || isOwnFolder) return join(resolve(out ?? shipped), model);
  throw new Error(
    `--out must name another folder than ${resolve(shipped)}: with these --steps, --seed or --blind the weights are not those that ship`,
  );
}
