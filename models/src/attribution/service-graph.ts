import type { AttributionInput } from './attribution-contract.js';

/** Who calls whom, as far as it was declared. */
export interface ServiceGraph {
  /** Whether `caller` depends on `callee`, directly or through others; `unknown` where the caller declares nothing. */
  calls(caller: string, callee: string): 'yes' | 'no' | 'unknown';
}

/** @param dependencies of the services that declare them; circles are allowed */
export function serviceGraph(dependencies: AttributionInput['dependencies']): ServiceGraph {
  const declared = new Map(dependencies.map(({ service, on }) => [service, on]));
  const reachedFrom = (caller: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const open = [...(declared.get(caller) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(declared.get(next) ?? []));
    }
    return seen;
  };
  return {
    calls: (caller, callee) =>
      !declared.has(caller) ? 'unknown' : reachedFrom(caller).has(callee) ? 'yes' : 'no',
  };
}
