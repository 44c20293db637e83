import type { Command } from 'commander';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { withExamples } from './examples.js';
import { EXIT } from './exit-codes.js';
import {
  attachChange,
  DATASOURCE_TYPE,
  deploymentsQuery,
  detachChange,
  undoChange,
} from '../api/annotation-query.js';
import { changeDashboards, type ChangeOptions } from './grafana/change-dashboards.js';
import { describeResults } from './grafana/describe-results.js';
import { GrafanaRefusal, type Folder, type GrafanaApi } from './grafana/grafana-api.js';
import { grafanaFor, onGrafana, type GrafanaPlace } from './grafana/grafana-place.js';
import { openUndoFile, readUndoFile } from './grafana/undo-file.js';
import { printResult } from './print-result.js';

interface FolderOptions extends GrafanaPlace {
  readonly folder: string;
  readonly dryRun?: boolean;
  readonly undo?: string;
}

interface AttachOptions extends FolderOptions {
  readonly datasource?: string;
  readonly service: string;
  readonly environment: string;
}

/** `grafana attach`, `detach` and `undo`: deployments on the dashboards that a team has. */
export function addGrafanaCommands(program: Command, io: CommandIo): void {
  const grafana = program.command('grafana').description('deployments on the dashboards of a Grafana');

  withExamples(
    onFolder(grafana.command('attach').description('add the annotation query that shows deployments'))
      .option('--datasource <uid>', 'the Bellwether datasource (default: the only one that there is)')
      .option('--service <text>', 'show only this service; may be a variable of the dashboards', '')
      .option('--environment <text>', 'show only this environment; may be a variable too', ''),
    'bellwether grafana attach --folder Checkout --dry-run',
    "bellwether grafana attach --folder Checkout --service '$service'",
  ).action(async (options: AttachOptions) => {
    const api = grafanaFor(options, io);
    const { service, environment } = options;
    const datasourceUid = options.datasource ?? (await onlyDatasource(api));
    const query = deploymentsQuery({ datasourceUid, service, environment });
    await changeFolder(api, io, options, {
      changeFor: (dashboard) => attachChange(dashboard, query),
      message: 'Bellwether: show deployments',
    });
  });

  withExamples(
    onFolder(grafana.command('detach').description('remove the annotation queries that show deployments')),
    'bellwether grafana detach --folder Checkout --dry-run',
  ).action(async (options: FolderOptions) => {
    await changeFolder(grafanaFor(options, io), io, options, {
      changeFor: detachChange,
      message: 'Bellwether: show deployments no more',
    });
  });

  withExamples(
    onGrafana(
      grafana
        .command('undo <file>')
        .description('take back what attach or detach did, and nothing that others changed since')
        .option('--dry-run', 'say what would be changed, and change nothing'),
    ),
    'bellwether grafana undo bellwether-undo-checkout-20260131T120000Z.json',
  ).action(async (file: string, options: GrafanaPlace & { readonly dryRun?: boolean }) => {
    const api = grafanaFor(options, io);
    const { dashboards } = readUndoFile(file, api.url);
    const changes = new Map(dashboards.map(({ uid, change }) => [uid, change]));
    const isDryRun = options.dryRun === true;
    const results = await changeDashboards(api, dashboards, {
      isDryRun,
      changeFor: (dashboard) => {
        const change = changes.get(dashboard.uid);
        return change && undoChange(dashboard, change);
      },
      message: 'Bellwether: taken back',
      beforeSave: () => undefined,
    });
    tell(io, options, { results, isDryRun });
  });
}

function onFolder(command: Command): Command {
  return onGrafana(
    command
      .requiredOption('--folder <name>', 'title or uid of the folder; folders in it are left alone')
      .option('--dry-run', 'say what would be changed, and change nothing')
      .option('--undo <file>', 'where to write the way back (default: a new file here)'),
  );
}

async function changeFolder(
  api: GrafanaApi,
  io: CommandIo,
  options: FolderOptions,
  how: Pick<ChangeOptions, 'changeFor' | 'message'>,
): Promise<void> {
  const folder = await asCommand(() => api.folder(options.folder));
  const at = new Date().toISOString();
  const undoFile = options.undo ?? defaultUndoFile(folder, at);
  const isDryRun = options.dryRun === true;
  const undo = isDryRun ? undefined : openUndoFile(undoFile, api.url, at);
  const results = await changeDashboards(api, await asCommand(() => api.dashboardsIn(folder)), {
    ...{ ...how, isDryRun },
    beforeSave: (dashboard, change) => undo?.add(dashboard, change),
  });
  tell(io, options, { results, isDryRun, undoFile });
}

function tell(io: CommandIo, options: GrafanaPlace, told: Parameters<typeof describeResults>[0]): void {
  printResult(io, options, { text: describeResults(told), data: told });
  if (told.results.some(({ outcome }) => outcome === 'refused')) io.setExitCode(EXIT.error);
}

function defaultUndoFile({ uid }: Folder, at: string): string {
  const safe = uid.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  return `bellwether-undo-${safe}-${at.replaceAll(/[-:]|\.\d+/g, '')}.json`;
}

async function onlyDatasource(api: GrafanaApi): Promise<string> {
  const all = await asCommand(() => api.datasources());
  const own = all.filter(({ type }) => type === DATASOURCE_TYPE);
  const [only] = own;
  if (only !== undefined && own.length === 1) return only.uid;
  throw new CommandError(
    only === undefined
      ? 'Grafana has no datasource "Bellwether verdicts"; add one (Connections, Data sources), or provision it'
      : `Grafana has ${own.length} datasources "Bellwether verdicts"; choose one with --datasource: ${own.map(({ uid }) => uid).join(', ')}`,
  );
}

/** What Grafana refuses before there is a dashboard to tell it of. */
async function asCommand<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof GrafanaRefusal)) throw error;
    const advice =
      error.status === 403
        ? 'the service account of the token lacks a permission: give it the role Editor, and --datasource where it may not list datasources'
        : 'run the command again in a while';
    throw new CommandError(`Grafana answered ${error.status}: ${error.message}; ${advice}`, { cause: error });
  }
}
