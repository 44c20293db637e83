import type { ServiceGraph } from './service-graph.js';

/** Which services moved; a service without data is not in it. */
export type Moved = ReadonlyMap<string, boolean>;

/** Chance that a service moves when a deployment harms: its own, one that calls it, one of which that is not known, and any other. */
const OWN = 0.9;
const CALLER = 0.5;
const UNKNOWN = 0.15;
const OTHER = 0.05;
/** The same when something else is at work: each service when it is everywhere, the others when it is only here. */
const EVERYWHERE = 0.6;
/** Services hang together: more than this many count for no more than so many. */
const WORTH_AT_MOST = 8;
/** Chance that two versions of this service differ while both run, when this deployment harms and when it does not. */
const ARMS_DIFFER = 0.9;
const ARMS_DIFFER_ANYWAY = 0.02;

/** ln of the likelihood that just these services moved, when a deployment of `culprit` does harm. */
export function logScopeOfDeployment(moved: Moved, culprit: string, graph: ServiceGraph): number {
  return logLikelihood(moved, (service) => {
    if (service === culprit) return OWN;
    const calls = graph.calls(service, culprit);
    return calls === 'yes' ? CALLER : calls === 'unknown' ? UNKNOWN : OTHER;
  });
}

/** The same when no deployment does: half of it something everywhere (traffic, network, a shared store), half something of `here` alone. */
export function logScopeOfSomethingElse(moved: Moved, here: string): number {
  const everywhere = logLikelihood(moved, () => EVERYWHERE);
  const local = logLikelihood(moved, (service) => (service === here ? OWN : OTHER));
  const top = Math.max(everywhere, local);
  return top + Math.log((Math.exp(everywhere - top) + Math.exp(local - top)) / 2);
}

/** ln of the likelihood that the arms of the judged deployment differ as they do. */
export function logArms(armsDiffer: boolean, isJudged: boolean): number {
  return armsDiffer ? Math.log(isJudged ? ARMS_DIFFER : ARMS_DIFFER_ANYWAY) : 0;
}

function logLikelihood(moved: Moved, chance: (service: string) => number): number {
  let sum = 0;
  for (const [service, isMoved] of moved) sum += Math.log(isMoved ? chance(service) : 1 - chance(service));
  return sum * Math.min(1, WORTH_AT_MOST / Math.max(1, moved.size));
}
