import { Option, type Command } from 'commander';
import { changeKinds, strategies } from '../api/deployment-request.js';
import type { CommandIo } from './command-io.js';
import {
  collectDependency,
  collectLabel,
  collectLink,
  collectStep,
  shareOf,
  startBody,
  type StartOptions,
} from './deploy-start-body.js';
import { addDeployReadCommands } from './deploy-read-commands.js';
import { deploymentsApi, type WireDeployment } from './deployments-api.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';
import { plain } from './terminal/plain-text.js';
import { addWatchOptions, runWatch, type WatchOptions } from './watch/run-watch.js';

/** `deploy start|step|finish|cancel|list|show`. */
export function addDeployCommands(program: Command, io: CommandIo): void {
  const deploy = program.command('deploy').description('deployments: begin, go on, end, look at');
  addStart(deploy, io);
  addStep(deploy, io);
  addFinish(deploy, io);
  addCancel(deploy, io);
  addDeployReadCommands(deploy, io);
}

function addStart(deploy: Command, io: CommandIo): void {
  const command = deploy
    .command('start')
    .description('a deployment begins, and its first step with it; it is watched from now on')
    .requiredOption('--service <name>', 'what is deployed')
    .requiredOption('--environment <name>', 'where to')
    .requiredOption('--version <version>', 'version that is deployed')
    .option('--previous-version <version>', 'version that it replaces')
    .addOption(new Option('--strategy <strategy>', 'how it is rolled out').choices(strategies))
    .option(
      '--step <name:share>',
      'a planned step and its share of the traffic, such as canary:5%; once for each, in order',
      collectStep,
    )
    .option('--policy <name|@file>', 'policy of the service, or a file that holds one (YAML or JSON)')
    .option('--id <id>', 'id of the deployment (default: made by the service)')
    .option('--project <name>', 'project (default: that of the token)')
    .option('--commit <hash>', 'commit that is deployed')
    .option('--commit-time <time>', 'when it was committed, as "git log -1 --format=%cI" prints it')
    .option('--ticket <id>', 'ticket of the change')
    .addOption(new Option('--change-kind <kind>', 'what changes').choices(changeKinds))
    .option('--summary <text>', 'what the change is about')
    .addOption(
      new Option(
        '--migration <kind>',
        'it migrates data; an irreversible one is never rolled back by itself',
      ).choices(['reversible', 'irreversible']),
    )
    .option('--label <key=value>', 'a label; once for each', collectLabel)
    .option(
      '--depends-on <service[@environment]>',
      'a service that it depends on; once for each',
      collectDependency,
    )
    .option('--link <title=url>', 'a link for the report; once for each', collectLink)
    .option('--started-at <time>', 'when the change took effect (RFC 3339; default: now)')
    .option(
      '--idempotency-key <key>',
      'the same key again finds the same deployment instead of starting another',
    )
    .option('-q, --quiet', 'print the id only')
    .option('--wait', 'then watch it, with the exit codes of "bellwether watch"');
  withExamples(
    addWatchOptions(onServer(command)),
    'bellwether deploy start --service cart --environment production --version 2.1.0 --previous-version 2.0.4',
    'bellwether deploy start --service cart --environment production --version 2.1.0 \\',
    '  --step canary:5% --step half:50% --step full:100% --commit $(git rev-parse HEAD) --wait',
    'ID=$(bellwether deploy start --quiet --service cart --environment production --version 2.1.0)',
  ).action(async (options: StartOptions & WatchOptions) => {
    const client = clientFor(options, io);
    const { idempotencyKey } = options;
    const started = await deploymentsApi(client).start(
      startBody(options),
      idempotencyKey === undefined ? {} : { idempotencyKey },
    );
    tellStarted(io, options, client.baseUrl, started);
    if (options.wait === true) await runWatch(io, client, started.id, options);
  });
}

function tellStarted(io: CommandIo, options: StartOptions, baseUrl: string, started: WireDeployment): void {
  if (options.quiet === true && options.json !== true) {
    io.out(`${started.id}\n`);
    return;
  }
  // A watch that follows prints one JSON object a line, so this is one too.
  if (options.json === true && options.wait === true) {
    io.out(`${JSON.stringify({ type: 'started', deployment: started })}\n`);
    return;
  }
  const [first] = started.plannedSteps;
  const text = [
    `Deployment ${started.id} of ${releaseOf(started)} began${
      started.plannedSteps.length > 1 && first !== undefined
        ? ` with step "${plain(first.name)}" (1 of ${started.plannedSteps.length})`
        : ''
    }.`,
    `  report  ${baseUrl}${started.urls.report}`,
    ...(options.wait === true ? [] : [`  watch   bellwether watch ${started.id}`]),
  ];
  printResult(io, options, { text: text.join('\n'), data: started });
}

function releaseOf({ service, environment, version, previousVersion }: WireDeployment): string {
  const versions = previousVersion === undefined ? version : `${previousVersion} → ${version}`;
  return plain(`${service} in ${environment} (${versions})`);
}

interface StepOptions extends ServerOptions, WatchOptions {
  readonly name?: string;
  readonly share?: number;
  readonly startedAt?: string;
  readonly wait?: boolean;
}

function addStep(deploy: Command, io: CommandIo): void {
  const command = deploy
    .command('step <id>')
    .description('the next planned step begins; what was said of the step before held for that step only')
    .option('--name <name>', 'name of the step (default: as planned)')
    .option('--share <share>', 'share of the traffic, such as 25% (default: as planned)', shareOf)
    .option('--started-at <time>', 'when it took effect (RFC 3339; default: now)')
    .option('--wait', 'then watch it, with the exit codes of "bellwether watch"');
  withExamples(
    addWatchOptions(onServer(command)),
    'bellwether deploy step cart-2.1.0',
    'bellwether deploy step cart-2.1.0 --share 25% --wait --timeout 1h',
  ).action(async (id: string, options: StepOptions) => {
    const client = clientFor(options, io);
    const { name, share: trafficShare, startedAt } = options;
    const step = await deploymentsApi(client).step(id, { name, trafficShare, startedAt });
    const text = `Step "${plain(step.name)}" of ${id} began.`;
    if (options.wait === true && options.json === true) io.out(`${JSON.stringify({ type: 'step', step })}\n`);
    else printResult(io, options, { text, data: step });
    if (options.wait === true) await runWatch(io, client, id, options);
  });
}

function addFinish(deploy: Command, io: CommandIo): void {
  withExamples(
    onServer(
      deploy.command('finish <id>').description('the rollout is complete; its last watch goes on to its end'),
    ),
    'bellwether deploy finish cart-2.1.0',
  ).action(async (id: string, options: ServerOptions) => {
    const finished = await deploymentsApi(clientFor(options, io)).finish(id);
    const text = `The rollout of ${id} is complete; its watch goes on.`;
    printResult(io, options, { text, data: finished });
  });
}

function addCancel(deploy: Command, io: CommandIo): void {
  withExamples(
    onServer(
      deploy
        .command('cancel <id>')
        .description('the rollout was stopped; nothing more is judged')
        .option('--reason <text>', 'why'),
    ),
    'bellwether deploy cancel cart-2.1.0 --reason "the pipeline was stopped"',
  ).action(async (id: string, options: ServerOptions & { readonly reason?: string }) => {
    const cancelled = await deploymentsApi(clientFor(options, io)).cancel(id, options.reason);
    printResult(io, options, { text: `Deployment ${id} is cancelled.`, data: cancelled });
  });
}
