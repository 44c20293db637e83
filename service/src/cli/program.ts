import { Command } from 'commander';

/** What the commands do; the composition root fills them in. */
export interface Commands {
  serve(options: { readonly config?: string }): Promise<void>;
  createToken(options: TokenOptions): Promise<void>;
  verifyAudit(options: { readonly dataDir: string }): Promise<void>;
  backup(file: string, options: { readonly dataDir: string }): Promise<void>;
}

export interface TokenOptions {
  readonly name: string;
  readonly role: string;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
}

/** The command line: what there is, and what each option means. */
export function createProgram(version: string, commands: Commands): Command {
  const program = new Command('bellwether')
    .description(
      'Says continue or roll back after a deployment, with a false-rollback rate that you set and can check.',
    )
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(bellwether <command> --help tells more)');

  program
    .command('serve')
    .description('run the scoring service')
    .option('-c, --config <file>', 'configuration file (JSON); see docs/configuration.md')
    .action((options: { config?: string }) => commands.serve(options));

  const token = program.command('token').description('access tokens');
  token
    .command('create')
    .description(
      'make a token and the entry for "tokens" in the configuration; the token is shown once and kept nowhere',
    )
    .requiredOption('--name <name>', 'who or what uses it')
    .requiredOption('--role <role>', 'viewer, pipeline, operator or admin')
    .option('--project <name>', 'project that it is good for', '*')
    .option('--service <name>', 'service that it is good for', '*')
    .option('--environment <name>', 'environment that it is good for', '*')
    .action((options: TokenOptions) => commands.createToken(options));

  const audit = program.command('audit').description('the audit log');
  dataDir(
    audit
      .command('verify')
      .description('check the hash chain and its signed checkpoints; exits 1 when something was altered'),
  ).action((options: { dataDir: string }) => commands.verifyAudit(options));

  dataDir(
    program
      .command('backup <file>')
      .description('write a consistent copy of the database while the service runs'),
  ).action((file: string, options: { dataDir: string }) => commands.backup(file, options));
  return program;
}

function dataDir(command: Command): Command {
  return command.option('-d, --data-dir <folder>', "the service's data folder", '.bellwether/data');
}
