import { Option, type Command } from 'commander';
import { ROLES } from '../config/config-schema.js';
import { listTokens, revokeToken } from './administer-store.js';
import type { CommandIo } from './command-io.js';
import { describeToken, mintToken, type TokenOptions } from './create-token.js';
import { folderOf, onData, type DataPlace } from './data-place.js';
import { withExamples } from './examples.js';
import { printResult, printsResult, type PrintOptions } from './print-result.js';

/** `token create|list|revoke`. */
export function addTokenCommands(program: Command, io: CommandIo): void {
  const token = program.command('token').description('access tokens');
  withExamples(
    printsResult(
      token
        .command('create')
        .description(
          'make a token and the entry for "tokens" in the configuration; the token is shown once and kept nowhere',
        )
        .requiredOption('--name <name>', 'who or what uses it')
        .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
        .option('--project <name>', 'project that it is good for', '*')
        .option('--service <name>', 'service that it is good for', '*')
        .option('--environment <name>', 'environment that it is good for', '*'),
    ),
    'bellwether token create --name ci --role pipeline',
    'bellwether token create --name cart-ci --role pipeline --service cart --environment production',
  ).action((options: TokenOptions & PrintOptions) =>
    printResult(io, options, describeToken(mintToken(options))),
  );

  withExamples(
    onData(token.command('list').description('show the tokens in the data folder: that of the first start')),
    'bellwether token list --json',
  ).action(async (place: DataPlace) => printResult(io, place, await listTokens(folderOf(place, io))));

  withExamples(
    onData(
      token
        .command('revoke <id>')
        .description('end a token of the data folder, while the service is stopped'),
    ),
    'bellwether token revoke 5f0c2a1b',
  ).action(async (id: string, place: DataPlace) =>
    printResult(io, place, await revokeToken(folderOf(place, io), id, Date.now())),
  );
}
