import { accessTokens } from '../../config/access-tokens.js';
import type { Config } from '../../config/config-schema.js';
import { ConfigError, loadConfig } from '../../config/load-config.js';
import type { CommandIo } from '../command-io.js';
import { fail, failure, ok, warn, type Finding } from './finding.js';

/** The configuration file with the environment over it; without one that holds there is no configuration to go on with. */
export function checkConfig(
  file: string | undefined,
  environment: CommandIo['environment'],
): { readonly findings: readonly Finding[]; readonly config?: Config } {
  try {
    const config = loadConfig(file, environment);
    const detail = file === undefined ? 'no file is named; the defaults hold' : `${file} is valid`;
    return { findings: [ok('config', detail)], config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [first = '', ...fields] = error.message.split('\n');
    if (fields.length === 0) return { findings: [failure('config', error)] };
    const remedy = 'mend these fields; docs/configuration.md lists them all';
    return { findings: [fail('config', [first, ...fields.map((line) => line.trim())].join('\n'), remedy)] };
  }
}

/** Tokens of the configuration and where their secrets are. */
export function checkTokens(config: Config, environment: CommandIo['environment']): readonly Finding[] {
  try {
    const tokens = [...accessTokens(config, environment).values()];
    if (tokens.length > 0)
      return [
        ok(
          'tokens',
          `${tokens.length} in the configuration: ${tokens.map(({ name, role }) => `${name} (${role})`).join(', ')}`,
        ),
      ];
    return [
      warn(
        'tokens',
        'the configuration names none; the admin token of the first start is the only one',
        'make one for each user with "bellwether token create"',
      ),
    ];
  } catch (error) {
    return [failure('tokens', error)];
  }
}
