import { Command, Option } from 'commander';
import { ROLES } from '../config/config-schema.js';
import type { Role } from '../domain/access.js';

/** What the commands do; the composition root fills them in. */
export interface Commands {
  serve(options: { readonly config?: string }): Promise<void>;
  createToken(options: TokenOptions): Promise<void>;
  listTokens(place: DataPlace): Promise<void>;
  revokeToken(id: string, place: DataPlace): Promise<void>;
  forgetPerson(pseudonym: string, place: DataPlace): Promise<void>;
  verifyAudit(place: DataPlace): Promise<void>;
  backup(file: string, place: DataPlace): Promise<void>;
}

export interface TokenOptions {
  readonly name: string;
  readonly role: Role;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
}

/** Which data folder a command means: the one named, else that of the configuration and the environment. */
export interface DataPlace {
  readonly dataDir?: string;
  readonly config?: string;
}

/**
 * The command line: what there is, and what each option means.
 * @returns a program whose `parseAsync` rejects with commander's own error, after telling the user, instead of leaving the process
 */
export function createProgram(version: string, commands: Commands): Command {
  const program = new Command('bellwether')
    .description(
      'Says continue or roll back after a deployment, with a false-rollback rate that you set and can check.',
    )
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(bellwether <command> --help tells more)');

  program
    .command('serve')
    .description('run the scoring service')
    .addOption(configOption())
    .action((options: { config?: string }) => commands.serve(options));
  addTokenCommands(program, commands);

  onData(
    program
      .command('person')
      .description('people in the records')
      .command('forget <pseudonym>')
      .description('delete the name behind a pseudonym of the audit log, while the service is stopped'),
  ).action((pseudonym: string, place: DataPlace) => commands.forgetPerson(pseudonym, place));
  onData(
    program
      .command('audit')
      .description('the audit log')
      .command('verify')
      .description('check the hash chain and its signed checkpoints; exits 1 when something was altered'),
  ).action((place: DataPlace) => commands.verifyAudit(place));
  onData(
    program
      .command('backup <file>')
      .description('write a consistent copy of the database while the service runs'),
  ).action((file: string, place: DataPlace) => commands.backup(file, place));
  return program;
}

function addTokenCommands(program: Command, commands: Commands): void {
  const token = program.command('token').description('access tokens');
  token
    .command('create')
    .description(
      'make a token and the entry for "tokens" in the configuration; the token is shown once and kept nowhere',
    )
    .requiredOption('--name <name>', 'who or what uses it')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--project <name>', 'project that it is good for', '*')
    .option('--service <name>', 'service that it is good for', '*')
    .option('--environment <name>', 'environment that it is good for', '*')
    .action((options: TokenOptions) => commands.createToken(options));
  onData(
    token.command('list').description('show the tokens in the data folder: that of the first start'),
  ).action((place: DataPlace) => commands.listTokens(place));
  onData(
    token.command('revoke <id>').description('end a token of the data folder, while the service is stopped'),
  ).action((id: string, place: DataPlace) => commands.revokeToken(id, place));
}

function onData(command: Command): Command {
  return command
    .option(
      '-d, --data-dir <folder>',
      "the service's data folder (default: that of the configuration, BELLWETHER_DATA_DIR, else .bellwether/data)",
    )
    .addOption(configOption());
}

function configOption(): Option {
  return new Option('-c, --config <file>', 'configuration file (JSON); see docs/configuration.md');
}
