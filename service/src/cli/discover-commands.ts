import { writeFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import type { WireDiscovery } from '../api/discovery.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { policyYaml } from './discover/policy-yaml.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';
import { plain } from './terminal/plain-text.js';
import { table } from './terminal/table.js';

interface DiscoverOptions extends ServerOptions {
  readonly service: string;
  readonly environment?: string;
  readonly project?: string;
  readonly source?: string;
  readonly match?: readonly string[];
  readonly write?: string;
}

/** `discover`: what there is to watch of a service, and a policy made of it. */
export function addDiscoverCommand(program: Command, io: CommandIo): void {
  withExamples(
    onServer(
      program
        .command('discover')
        .description("find a service's metrics and propose a policy")
        .requiredOption('--service <name>', 'whose metrics')
        .option('--environment <name>', 'in this environment; its series carry it as the label environment')
        .option('--project <name>', 'of this project (default: that of the token)')
        .option('--source <name>', 'a configured source (default: what is pushed)')
        .option(
          '--match <label=value>',
          'a label of its series instead of service; repeat for several',
          labelOption,
        )
        .option('--write <file>', 'write the proposed policy to this new file'),
    ),
    'bellwether discover --service cart',
    'bellwether discover --service cart --source prom --match job=cart --write policies/cart.yaml',
  ).action(async (options: DiscoverOptions) => {
    const found = await clientFor(options, io).call<WireDiscovery>({
      method: 'GET',
      path: `/api/v1/discovery?${queryOf(options)}`,
    });
    const { policy } = found;
    const yaml = policy === undefined ? undefined : policyYaml(found, policy, options.service);
    if (options.write !== undefined) writePolicy(options.write, yaml);
    printResult(io, options, { text: describe(found, yaml, options.write), data: found });
  });
}

function labelOption(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[^=:]+=/.test(text)) return [...before, text.replace('=', ':')];
  throw new InvalidArgumentError('Write it as label=value, such as job=cart.');
}

function queryOf({ service, environment, project, source, match = [] }: DiscoverOptions): string {
  const query = new URLSearchParams({ service });
  for (const [name, value] of Object.entries({ environment, project, source }))
    if (value !== undefined) query.set(name, value);
  for (const label of match) query.append('match', label);
  return query.toString();
}

/** What people changed by hand is not overwritten. */
function writePolicy(file: string, yaml: string | undefined): void {
  if (yaml === undefined)
    throw new CommandError('there is no policy to write: nothing of what was found can be judged');
  try {
    writeFileSync(file, yaml, { flag: 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CommandError(
      code === 'EEXIST'
        ? `${file} is there already; remove it, or write to another file and compare`
        : `${file} can't be written (${code}); check the folder`,
      { cause },
    );
  }
}

function describe(found: WireDiscovery, yaml: string | undefined, file: string | undefined): string {
  const useful = found.metrics.filter(({ skipped }) => skipped === undefined);
  const skipped = found.metrics.filter((metric) => metric.skipped !== undefined);
  const rows = useful.map(({ metric, kind, direction, type, unit, series }) => [
    plain(metric),
    kind ?? '',
    HARM[direction ?? 'both'],
    type ?? '',
    plain(unit ?? ''),
    String(series),
  ]);
  const proposal =
    yaml === undefined
      ? 'No policy can be made of this.'
      : file === undefined
        ? `Proposed policy (--write FILE keeps it):\n\n${yaml.trimEnd()}`
        : `The proposed policy is in ${file}. Read its comments, then: bellwether policy validate ${file}`;
  return [
    `${count(found.series, 'series', 'series')} of ${count(found.metrics.length, 'metric', 'metrics')} in the source "${plain(found.source)}".`,
    '',
    table(['METRIC', 'KIND', 'HARM IS', 'READ AS', 'UNIT', 'SERIES'], rows),
    ...(skipped.length === 0
      ? []
      : ['', 'Left out:', ...skipped.map((one) => `  ${plain(one.metric)}: ${plain(one.skipped ?? '')}`)]),
    '',
    proposal,
  ].join('\n');
}

const HARM = { up: 'rising', down: 'falling', both: 'either' } as const;

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
