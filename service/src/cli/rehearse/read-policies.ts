import { FOR_PEOPLE, fieldErrors } from '../../api/field-errors.js';
import { policyInput } from '../../api/policy.js';
import { isRecord } from '../../app/rehearse/is-record.js';
import type { RecordedWindow } from '../../app/rehearse/recorded-window.js';
import type { Policy } from '../../domain/policy.js';
import { describeProblem, keyText } from '../../policies/problem.js';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { findPolicies } from '../policy/find-policies.js';

/** Finds the policy that a window is judged by. */
export interface PolicyOf {
  /** Undefined where nobody gave one. @throws CommandError that says what is wrong with it */
  (window: Pick<RecordedWindow, 'policy' | 'service'>): Policy | undefined;
  /** Policies that windows have not brought themselves, by name. */
  readonly policies: ReadonlyMap<string, Policy>;
}

/**
 * Policies for recorded windows. A window brings its own by value, names one, or is given the one of its service, else `default`, as
 * deployments are; a lone policy is for all that name none.
 *
 * @param place policy file or folder; absent: only windows that bring a policy have one
 * @throws CommandError when the place cannot be read or a policy there is wrong
 */
export function readPolicies(place: string | undefined, io: CommandIo): PolicyOf {
  const policies = place === undefined ? undefined : policiesAt(place, io);
  const policyOf = ({ policy, service }: Parameters<PolicyOf>[0]): Policy | undefined => {
    if (isRecord(policy)) return policyByValue(policy);
    if (policy === undefined || policy === null)
      return policies === undefined ? undefined : forService(policies, service);
    if (typeof policy !== 'string')
      throw new CommandError('"policy" is neither the name of a policy nor a policy');
    if (policies === undefined)
      throw new CommandError(`the window names the policy "${policy}"; give its file with --policy`);
    return policies.get(policy) ?? unknown(policies, `"${policy}"`);
  };
  return Object.assign(policyOf, { policies: policies ?? new Map<string, Policy>() });
}

/** One policy for every window, whatever it says itself. */
export function samePolicy(policy: Policy): PolicyOf {
  return Object.assign(() => policy, { policies: new Map([[policy.name, policy]]) });
}

type Policies = ReadonlyMap<string, Policy>;

function policiesAt(place: string, io: CommandIo): Policies {
  const { policies, problems } = findPolicies([place], undefined, io);
  if (problems.length > 0)
    throw new CommandError(
      `the policies are not valid:\n${problems.map((one) => `  ${describeProblem(one)}`).join('\n')}`,
    );
  if (policies.size === 0) throw new CommandError(`${place} holds no policy`);
  return new Map([...policies].map(([name, { policy }]) => [name, policy]));
}

function forService(policies: Policies, service: string | undefined): Policy {
  const [lone, ...others] = policies.values();
  if (lone !== undefined && others.length === 0) return lone;
  const own = service === undefined ? undefined : policies.get(service);
  const names = service === undefined ? '"default"' : `"${service}" or "default"`;
  return own ?? policies.get('default') ?? unknown(policies, names);
}

function unknown(policies: Policies, wanted: string): never {
  throw new CommandError(`there is no policy ${wanted} (known: ${[...policies.keys()].join(', ')})`);
}

function policyByValue(value: unknown): Policy {
  const parsed = policyInput.safeParse(value, FOR_PEOPLE);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error).map(
    ({ path, detail, remedy }) =>
      `${keyText(['policy', ...path])}: ${detail}${remedy === undefined ? '' : `; ${remedy}`}`,
  );
  throw new CommandError(`the policy of the window is wrong: ${errors.join(' · ')}`);
}
