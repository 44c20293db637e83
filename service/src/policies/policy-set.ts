import type { LoadedPolicy, Surroundings } from './read-policies.js';
import type { FoundFiles } from './policy-files.js';
import { createPolicyReader, type ReadFile } from './policy-reader.js';
import { inOrder, type PolicyProblem } from './problem.js';

/** All policies of a folder together. */
export interface PolicySet {
  readonly policies: ReadonlyMap<string, LoadedPolicy>;
  readonly problems: readonly PolicyProblem[];
}

/**
 * Reads every file and holds the names together.
 * @param taken names that are in use elsewhere, and where
 */
export function readPolicySet(
  found: FoundFiles,
  surroundings: Surroundings,
  taken: ReadonlyMap<string, string>,
): PolicySet {
  return policySetOf(createPolicyReader(surroundings).readNow(found), found.problems, taken);
}

/**
 * Holds the names of files together that were read.
 * @param others problems of files that could not be read
 */
export function policySetOf(
  files: readonly ReadFile[],
  others: readonly PolicyProblem[],
  taken: ReadonlyMap<string, string>,
): PolicySet {
  const policies = new Map<string, LoadedPolicy>();
  const problems: PolicyProblem[] = [...others];
  for (const { read } of files) {
    problems.push(...read.problems);
    for (const loaded of read.policies) {
      const { name } = loaded.policy;
      const other = policies.get(name)?.place;
      const elsewhere = other === undefined ? taken.get(name) : `${other.file}:${other.line}`;
      if (elsewhere === undefined) policies.set(name, loaded);
      else problems.push(sameName(loaded, elsewhere));
    }
  }
  return { policies, problems: inOrder(problems) };
}

function sameName({ policy, place }: LoadedPolicy, elsewhere: string): PolicyProblem {
  return {
    ...place,
    key: 'name',
    detail: `a policy "${policy.name}" is in ${elsewhere} too`,
    remedy: 'rename or remove one of the two',
  };
}
