import type { Config } from '../../config/config-schema.js';
import { openPolicyBook, PolicyFolderError } from '../../policies/policy-book.js';
import { describeProblem } from '../../policies/problem.js';
import { shippedTemplates } from '../../policies/templates.js';
import { fail, ok, warn, type Finding } from './finding.js';

/** Policies of the configuration, which are valid where it is, and those of the policy folder. */
export async function checkPolicies(config: Config): Promise<readonly Finding[]> {
  const configured = Object.fromEntries(
    Object.entries(config.policies).map(([name, policy]) => [name, { ...policy, name }]),
  );
  if (config.policyFolder === undefined) return [counted(Object.keys(configured))];
  try {
    const book = openPolicyBook({
      folder: config.policyFolder,
      configured,
      configFile: 'the configuration',
      surroundings: {
        templates: shippedTemplates(),
        known: {
          executors: config.executors.map(({ name }) => name),
          sources: config.sources.map(({ name }) => name),
        },
      },
      onReload: () => undefined,
      onInvalid: () => undefined,
    });
    const [names, problems] = [book.names(), book.problems()];
    await book.stop();
    if (problems.length === 0) return [counted(names)];
    return [fail('policies', problems.map(describeProblem).join('\n'), 'mend these places')];
  } catch (error) {
    if (!(error instanceof PolicyFolderError)) throw error;
    return [
      fail('policies', error.message, 'mend these places; "bellwether policy validate" shows them too'),
    ];
  }
}

function counted(names: readonly string[]): Finding {
  if (names.length > 0) return ok('policies', `${names.length} valid: ${names.join(', ')}`);
  return warn(
    'policies',
    'there is none; every deployment must bring its own',
    'configure one named "default", or as a service is named',
  );
}
