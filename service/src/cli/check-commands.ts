import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { checkStates } from '../api/collaboration.js';
import { checkKinds } from '../api/required-checks.js';
import { collaborationApi, type WireCheck, type WireCheckList } from './collaboration-api.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';
import { forPerson, personOf, type PersonOptions } from './stated-person.js';
import { plain } from './terminal/plain-text.js';
import { table } from './terminal/table.js';

interface AddOptions extends PersonOptions {
  readonly name: string;
  readonly kind?: (typeof checkKinds)[number];
  readonly state?: (typeof checkStates)[number];
  readonly junit?: string;
  readonly step?: string;
  readonly summary?: string;
  readonly link?: string;
  readonly expiresAt?: string;
}

/** `check add|list`: proof beside the metrics. */
export function addCheckCommands(program: Command, io: CommandIo): void {
  const check = program.command('check').description('proof beside the metrics: tests, sign-offs, approvals');
  const add = check
    .command('add <id>')
    .description('report a check of a deployment; the newest report of a name counts')
    .requiredOption('--name <name>', 'name of the check, as the policy requires it')
    .addOption(new Option('--state <state>', 'how it stands').choices(checkStates))
    .addOption(new Option('--kind <kind>', 'what it is (default: custom)').choices(checkKinds))
    .addOption(
      new Option('--junit <file>', 'a JUnit report, which says by itself how the tests went').conflicts([
        'state',
        'kind',
        'summary',
      ]),
    )
    .option('--step <name>', 'the planned step that it is for (default: the whole release)')
    .option('--summary <text>', 'what was looked at')
    .option('--link <url>', 'where to read more')
    .option('--expires-at <time>', 'until when a pass counts (RFC 3339)');
  withExamples(
    onServer(forPerson(add)),
    'bellwether check add cart-2.1.0 --name smoke --kind smoke-test --state passed',
    'bellwether check add cart-2.1.0 --name e2e --junit reports/junit.xml',
    'bellwether check add cart-2.1.0 --name sign-off --kind sign-off --state passed --by "Ada Okafor" --by-role "release manager"',
  ).action(async (id: string, options: AddOptions) => {
    const api = collaborationApi(clientFor(options, io), id);
    const { name, step, link } = options;
    const reported =
      options.junit === undefined
        ? await api.reportCheck(reportOf(options))
        : await api.reportJunit(readReport(options.junit), { name, step, link });
    printResult(io, options, { text: describeCheck(reported), data: reported });
  });

  withExamples(
    onServer(check.command('list <id>').description('checks of a deployment, and those that it still needs')),
    'bellwether check list cart-2.1.0',
  ).action(async (id: string, options: ServerOptions) => {
    const list = await collaborationApi(clientFor(options, io), id).checks();
    printResult(io, options, { text: describeList(list), data: list });
  });
}

function reportOf(options: AddOptions) {
  const { name, kind = 'custom', state, step, summary, link, expiresAt } = options;
  if (state === undefined)
    throw new CommandError(
      `how does the check stand? Give --state ${checkStates.join('|')}, or --junit <file>`,
    );
  return { name, kind, state, step, summary, link, expiresAt, by: personOf(options) };
}

function readReport(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CommandError(`--junit: the file ${file} can't be read (${code})`, { cause });
  }
}

function describeCheck({ name, state, deploymentId, tests }: WireCheck): string {
  const counted =
    tests === undefined
      ? ''
      : ` (${tests.tests} tests, ${tests.failures + tests.errors} failed, ${tests.skipped} skipped)`;
  return `Check "${plain(name)}" of ${deploymentId} is ${state}${counted}.`;
}

function describeList({ items, required }: WireCheckList): string {
  const reported = items.map(({ name, kind, state, step, reportedAt }) => [
    plain(name),
    kind,
    plain(step ?? 'all'),
    state,
    reportedAt,
  ]);
  const missing = required.filter(({ standing }) => standing !== 'passed');
  return [
    items.length === 0
      ? 'No check was reported.'
      : table(['CHECK', 'KIND', 'STEP', 'STATE', 'REPORTED'], reported),
    ...missing.map(
      ({ name, standing, overdueSince }) =>
        `Required and ${standing}: ${plain(name)}${overdueSince === undefined ? '' : `, since ${overdueSince}`}`,
    ),
  ].join('\n');
}
