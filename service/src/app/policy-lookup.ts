import type { Policy } from '../domain/policy.js';

/** The policies that deployments may be judged by, as they are now; a running watch keeps the one that it began with. */
export interface PolicyLookup {
  get(name: string): Policy | undefined;
  names(): readonly string[];
}

/** A lookup of policies that never change. */
export function fixedPolicies(policies: Readonly<Record<string, Policy>>): PolicyLookup {
  return {
    get: (name) => (Object.hasOwn(policies, name) ? policies[name] : undefined),
    names: () => Object.keys(policies),
  };
}
