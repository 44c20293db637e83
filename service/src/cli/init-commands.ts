import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { configSchema } from '../config/config-schema.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { policyYaml } from './discover/policy-yaml.js';
import { withExamples } from './examples.js';
import { findEnvironment, findLastDeployment, findServices, selectorOf } from './init/find-service.js';
import type { FirstVerdict, Subject } from './init/first-verdict.js';
import type { SeenDeployment } from './init/last-deployment.js';
import { createMetricsServer, hostOf, type MetricsServer } from './init/metrics-server.js';
import { firstConfig, setupFiles, writeSetup, type SetupFiles } from './init/write-setup.js';
import { printResult, printsResult, type PrintOptions } from './print-result.js';
import { plain } from './terminal/plain-text.js';

/** Where Prometheus listens when nobody says otherwise. */
const DEFAULT_PROMETHEUS = 'http://127.0.0.1:9090';
const SHOWN_SERVICES = 20;
/** Calibrating on a week of a few metrics takes seconds. */
const VERDICT_LIMIT_MS = 120_000;

interface InitOptions extends PrintOptions {
  readonly prometheus?: string;
  readonly label?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly folder: string;
}

/** `init`: a first configuration and policy from what a Prometheus has, and a first verdict. */
export function addInitCommand(program: Command, io: CommandIo): void {
  withExamples(
    printsResult(
      program
        .command('init')
        .description('set up from what a Prometheus has; asks in a terminal for what no option says')
        .option('--prometheus <url>', `its address (default: ${DEFAULT_PROMETHEUS})`)
        .option(
          '--label <name>',
          'the label that tells services apart (default: the first of service, app, … job)',
        )
        .option('--service <name>', 'the service to begin with (default: the only one)')
        .option('--environment <name>', 'its environment (default: that of its series, else production)')
        .option('--folder <folder>', 'where configuration, policies and data go', '.'),
    ),
    'bellwether init',
    'bellwether init --prometheus http://prometheus:9090 --service cart --environment prod',
  ).action(async (options: InitOptions) => {
    const prometheus = options.prometheus ?? (await ask(io, 'Address of Prometheus', DEFAULT_PROMETHEUS));
    const server = createMetricsServer(prometheus);
    try {
      await initialise(io, options, prometheus, server);
    } finally {
      await server.close();
    }
  });
}

async function initialise(
  io: CommandIo,
  options: InitOptions,
  prometheus: string,
  server: MetricsServer,
): Promise<void> {
  const subject = await chooseSubject(io, options, server);
  const selector = selectorOf(subject.label, subject.service);
  const seen = await findLastDeployment(server, selector, Date.now());
  const files = setupFiles(resolve(options.folder), subject.service);
  for (const file of Object.values(files) as readonly string[])
    if (existsSync(file))
      throw new CommandError(`${file} is there already, and is not overwritten; name another --folder`);

  const config = firstConfig(resolve(options.folder), prometheus, hostOf(prometheus));
  const { policyFolder: _notThereYet, ...first } = config;
  // The whole service; other commands need not load it.
  const { discoverService, firstVerdict, withService } = await import('./init/first-verdict.js');
  const outcome = await withService(configSchema.parse(first), io.environment, async (useCases) => {
    const found = await discoverService(useCases, subject);
    const { policy } = found;
    if (policy === undefined)
      throw new CommandError(`nothing of the ${found.series} series of ${subject.service} can be judged`);
    writeSetup(files, config, policyYaml(found, policy, subject.service));
    io.err(
      `${found.series} series of ${plain(subject.service)}; ${policy.metrics.length} metrics to decide by.\n`,
    );
    if (seen === undefined) return undefined;
    io.err(`Judging ${describe(seen)} …\n`);
    return firstVerdict(useCases, subject, seen, { policy, limitMs: VERDICT_LIMIT_MS, stop: io.stop });
  });
  printResult(io, options, {
    text: report(subject, files, seen, outcome),
    data: { ...subject, ...files, lastDeployment: seen ?? null, firstVerdict: outcome ?? null },
  });
}

async function chooseSubject(io: CommandIo, options: InitOptions, server: MetricsServer): Promise<Subject> {
  const { label, services } = await findServices(server, options.label);
  const service = options.service ?? (await chooseService(io, label, services));
  if (!services.includes(service))
    throw new CommandError(
      `no series carries ${label}="${service}"; there ${services.length === 1 ? 'is' : 'are'} ${listed(services)}`,
    );
  const found = await findEnvironment(server, selectorOf(label, service));
  const environment = options.environment ?? (await ask(io, 'Its environment', found ?? 'production'));
  return { label, service, environment };
}

async function chooseService(io: CommandIo, label: string, services: readonly string[]): Promise<string> {
  const [only, ...others] = services;
  if (only !== undefined && others.length === 0) return only;
  io.err(`Services by the label ${label}: ${listed(services)}\n`);
  if (io.ask === undefined)
    throw new CommandError(`there are ${services.length} services; name one with --service`);
  return ask(io, 'Service to begin with', only ?? '');
}

function listed(services: readonly string[]): string {
  const more = services.length - SHOWN_SERVICES;
  return `${services.slice(0, SHOWN_SERVICES).map(plain).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a person answers; where nobody can, or they press return, the proposal. */
async function ask(io: CommandIo, question: string, proposal: string): Promise<string> {
  const answer = await io.ask?.(`${question} [${plain(proposal)}]: `);
  return answer === undefined || answer.trim() === '' ? proposal : answer.trim();
}

function describe({ version, previousVersion, atMs }: SeenDeployment): string {
  const from = previousVersion === undefined ? '' : `${plain(previousVersion)} → `;
  return `${from}${plain(version)} of ${new Date(atMs).toISOString()}`;
}

function report(
  { service, environment }: Subject,
  { config, policy }: SetupFiles,
  seen: SeenDeployment | undefined,
  outcome: FirstVerdict | undefined,
): string {
  const verdict =
    seen === undefined || outcome === undefined
      ? `No deployment of ${plain(service)} is seen in the last day: no label "version" changed, and nothing was restarted.`
      : `${describe(seen)}: ${outcome.verdict}. ${outcome.sentence}`;
  return [
    verdict,
    '',
    `Configuration: ${config}`,
    `Policy:        ${policy}   (read its comments)`,
    '',
    `Next: bellwether serve --config ${config}`,
    `      bellwether deploy start --service ${plain(service)} --environment ${plain(environment)} --version …`,
  ].join('\n');
}
