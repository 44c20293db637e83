import { Option, type Command } from 'commander';
import { deploymentStates } from '../api/deployment.js';
import { verdictValues } from '../api/verdict.js';
import type { CommandIo } from './command-io.js';
import { deploymentsApi, type DeploymentsApi, type WirePage } from './deployments-api.js';
import { describeDeployment } from './describe-deployment.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';
import { plain } from './terminal/plain-text.js';
import { table } from './terminal/table.js';
import { wholeNumber } from './whole-number.js';

interface ListOptions extends ServerOptions {
  readonly project?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly state?: string;
  readonly verdict?: string;
  readonly label?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly all?: boolean;
}

/** `deploy list` and `deploy show`. */
export function addDeployReadCommands(deploy: Command, io: CommandIo): void {
  const list = deploy
    .command('list')
    .description('deployments, newest first')
    .option('--project <name>', 'of this project (default: that of the token)')
    .option('--service <name>', 'of this service')
    .option('--environment <name>', 'in this environment')
    .addOption(new Option('--state <state>', 'in this state').choices(deploymentStates))
    .addOption(new Option('--verdict <verdict>', 'with this verdict').choices(verdictValues))
    .option('--label <key=value>', 'with this label')
    .option('--from <time>', 'that began at or after this time (RFC 3339)')
    .option('--to <time>', 'that began before this time (RFC 3339)')
    .option('--limit <count>', 'how many on a page, 1 to 500 (default: 50)', wholeNumber)
    .option('--cursor <cursor>', 'the page that begins here, as the page before it says')
    .addOption(new Option('--all', 'all pages').conflicts('cursor'));
  withExamples(
    onServer(list),
    'bellwether deploy list --service cart --verdict rollback',
    'bellwether deploy list --from 2026-01-01T00:00:00Z --all --json',
  ).action(async (options: ListOptions) => {
    const page = await pages(deploymentsApi(clientFor(options, io)), options);
    printResult(io, options, { text: describePage(page), data: page });
  });

  withExamples(
    onServer(deploy.command('show <id>').description('everything of one deployment')),
    'bellwether deploy show cart-2.1.0',
    'bellwether deploy show cart-2.1.0 --json',
  ).action(async (id: string, options: ServerOptions) => {
    const client = clientFor(options, io);
    const detail = await deploymentsApi(client).show(id);
    printResult(io, options, { text: describeDeployment(detail, client.baseUrl), data: detail });
  });
}

async function pages(api: DeploymentsApi, options: ListOptions): Promise<WirePage> {
  const { project, service, environment, state, verdict, from, to } = options;
  const query = {
    ...{ project, service, environment, state, verdict, from, to },
    label: options.label?.replace('=', ':'),
    limit: options.limit ?? (options.all === true ? 500 : undefined),
  };
  let page = await api.list({ ...query, cursor: options.cursor });
  if (options.all !== true) return page;
  const items = [...page.items];
  while (page.nextCursor !== undefined) {
    page = await api.list({ ...query, cursor: page.nextCursor });
    items.push(...page.items);
  }
  return { items };
}

function describePage({ items, nextCursor }: WirePage): string {
  if (items.length === 0) return 'No deployment fits.';
  const rows = items.map((one) => [
    one.startedAt.replace(/\.\d+Z$/, 'Z'),
    one.id,
    plain(`${one.service}/${one.environment}`),
    plain(one.previousVersion === undefined ? one.version : `${one.previousVersion} → ${one.version}`),
    one.state,
    one.latestVerdict?.verdict ?? '-',
  ]);
  const text = table(['STARTED', 'ID', 'SERVICE', 'VERSION', 'STATE', 'VERDICT'], rows);
  return nextCursor === undefined ? text : `${text}\nThere are more: --cursor ${nextCursor}, or --all.`;
}
