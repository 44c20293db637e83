import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import { closestKey } from '../api/closest-key.js';
import type { Policy } from '../domain/policy.js';
import { policyJsonSchema } from '../policies/json-schema.js';
import { describeProblem } from '../policies/problem.js';
import { shippedTemplates, type Templates } from '../policies/templates.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { configOption } from './data-place.js';
import { withExamples } from './examples.js';
import { EXIT } from './exit-codes.js';
import { codeFrame } from './policy/code-frame.js';
import { explainPolicy, type Section } from './policy/explain-policy.js';
import { findPolicies, type FoundPolicies } from './policy/find-policies.js';
import { learnedSections } from './policy/learned-section.js';
import { testPolicy, VERDICTS, type TestedWindow } from './policy/test-policy.js';
import { printResult, printsResult, type CommandResult, type PrintOptions } from './print-result.js';
import { onServer, type ServerOptions } from './server-place.js';
import { table } from './terminal/table.js';
import { wholeNumber } from './whole-number.js';

interface PolicyOptions extends PrintOptions {
  readonly config?: string;
  readonly name?: string;
}

/** `policy …`: policies as code. */
export function addPolicyCommands(program: Command, io: CommandIo): void {
  const policy = program.command('policy').description('policies as files: check, explain, try out');
  addValidate(policy, io);
  addExplain(policy, io);
  addTest(policy, io);
  addTemplates(policy, io);
  policy
    .command('schema')
    .description('print the JSON Schema of policy files, for editors')
    .action(() => io.out(`${JSON.stringify(policyJsonSchema(shippedTemplates()), null, 2)}\n`));
}

function addValidate(policy: Command, io: CommandIo): void {
  withExamples(
    printsResult(
      policy
        .command('validate [paths...]')
        .description('check policy files and folders; exits 3 when anything is wrong')
        .addOption(configOption()),
    ),
    'bellwether policy validate policies/',
    'bellwether policy validate --config bellwether.json',
  ).action((paths: readonly string[], options: PolicyOptions) => {
    const found = findPolicies(paths, options.config, io);
    printResult(io, options, validation(found));
    if (found.problems.length > 0) io.setExitCode(EXIT.error);
  });
}

function validation(found: FoundPolicies): CommandResult {
  const { policies, problems, files, isComplete } = found;
  const textOf = new Map(files.map(({ path, text }) => [path, text]));
  const shown = problems.flatMap((problem) => [
    describeProblem(problem),
    ...codeFrame(textOf.get(problem.file), problem),
    '',
  ]);
  const inFiles = `${files.length} file${files.length === 1 ? '' : 's'}`;
  const valid = `${policies.size} polic${policies.size === 1 ? 'y' : 'ies'} in ${inFiles}`;
  const summary =
    problems.length > 0
      ? `${problems.length} error${problems.length === 1 ? '' : 's'} in ${inFiles}.`
      : `${valid}: valid.${isComplete ? '' : ' Sources and executors were not checked; --config names them.'}`;
  return {
    text: [...shown, summary].join('\n'),
    data: {
      valid: problems.length === 0,
      policies: [...policies].map(([name, { hash, place }]) => ({ name, hash, ...place })),
      problems,
    },
  };
}

interface ExplainOptions extends PolicyOptions, ServerOptions {
  readonly deploysPerMonth: number;
  readonly service?: string;
}

function addExplain(policy: Command, io: CommandIo): void {
  withExamples(
    onServer(
      policy
        .command('explain <file-or-name>')
        .description('say in words what a policy means, with every default filled in')
        .option('--name <policy>', 'which one, of a file or folder with several')
        .option('--deploys-per-month <count>', 'how often you deploy', countOption, 30)
        .option('--service <name>', 'also say what was learned of this service (asks the server)')
        .addOption(configOption()),
    ),
    'bellwether policy explain policies/checkout.yaml',
    'bellwether policy explain checkout --config bellwether.json --deploys-per-month 200',
    'bellwether policy explain policies/checkout.yaml --service checkout',
  ).action(async (place: string, options: ExplainOptions) => {
    const { service } = options;
    const learned = service === undefined ? [] : await learnedSections(service, options, io);
    const explained = chosenPolicies(place, options, io).map((one) => ({
      policy: one,
      sections: [...explainPolicy(one, options.deploysPerMonth), ...learned],
    }));
    printResult(io, options, {
      text: explained.map(({ policy: { name }, sections }) => explanation(name, sections)).join('\n\n'),
      data: explained,
    });
  });
}

function explanation(name: string, sections: readonly Section[]): string {
  const parts = sections.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n'));
  return [`Policy "${name}"`, ...parts].join('\n\n');
}

/** The policies of a file or folder, or the one of that name in the configuration. @throws CommandError */
function chosenPolicies(place: string, { config, name }: PolicyOptions, io: CommandIo): readonly Policy[] {
  const isPath = existsSync(place);
  if (!isPath && config === undefined) throw new CommandError(`there is no file or folder ${place}`);
  const found = findPolicies(isPath ? [place] : [], config, io);
  if (found.problems.length > 0)
    throw new CommandError(
      `the policies are not valid:\n${found.problems.map((one) => `  ${describeProblem(one)}`).join('\n')}`,
    );
  const own = [...found.policies.values()].map((one) => one.policy);
  const all = isPath ? own : [...own, ...Object.values(found.configured)];
  const wanted = isPath ? name : place;
  if (wanted === undefined) return all;
  const chosen = all.filter((one) => one.name === wanted);
  if (chosen.length > 0) return chosen;
  const names = all.map((one) => one.name);
  const closest = closestKey(wanted, names);
  throw new CommandError(
    `there is no policy "${wanted}"; ${closest === undefined ? `known: ${names.join(', ') || 'none'}` : `did you mean "${closest}"?`}`,
  );
}

interface TestOptions extends PolicyOptions {
  readonly cases: string;
  readonly workers: number;
}

function addTest(policy: Command, io: CommandIo): void {
  withExamples(
    printsResult(
      policy
        .command('test <file-or-name>')
        .description(
          'judge recorded windows by a policy; exits 3 when one is not judged as its "expect" says',
        )
        .requiredOption('--cases <file>', 'recorded windows, one JSON object a line; see docs/rehearse.md')
        .option('--name <policy>', 'which one, of a file or folder with several')
        .option('--workers <count>', 'windows judged at the same time', countOption, availableParallelism())
        .addOption(configOption()),
    ),
    'bellwether policy test policies/checkout.yaml --cases windows.jsonl',
  ).action(async (place: string, options: TestOptions) => {
    const [chosen, ...others] = chosenPolicies(place, options, io);
    if (chosen === undefined) throw new CommandError(`${place} holds no policy`);
    if (others.length > 0) {
      const names = [chosen, ...others].map((one) => one.name).join(', ');
      throw new CommandError(`${place} holds several policies (${names}); choose one with --name`);
    }
    const windows = await testPolicy(chosen, options.cases, options.workers, io);
    const failed = windows.filter(isUnexpected);
    printResult(io, options, {
      text: testText(windows, failed.length),
      data: { policy: chosen.name, windows },
    });
    if (failed.length > 0 || windows.length === 0) io.setExitCode(EXIT.error);
  });
}

function isUnexpected({ verdict, expected }: TestedWindow): boolean {
  return expected !== undefined && verdict !== expected;
}

function besideVerdict(window: TestedWindow): string {
  if (window.expected === undefined) return ' (no expectation)';
  return isUnexpected(window) ? ` (expected ${window.expected})` : '';
}

function testText(windows: readonly TestedWindow[], failed: number): string {
  if (windows.length === 0) return 'The file holds no window.';
  const rows = windows.map((window) => [
    isUnexpected(window) ? 'FAIL' : window.expected === undefined ? '–' : 'ok',
    window.id,
    `${window.verdict}${besideVerdict(window)}`,
    window.looks === undefined ? '' : String(window.looks),
    window.reason,
  ]);
  const asked = windows.filter(({ expected }) => expected !== undefined).length;
  const silent = windows.length - asked;
  const rest =
    silent === 0
      ? ''
      : ` Without an expectation: ${silent}; give "expect" (${VERDICTS.join(', ')}) to test them.`;
  const summary = `${windows.length} window${windows.length === 1 ? '' : 's'}: ${asked - failed} of ${asked} with an expectation met it.${rest}`;
  return `${table(['', 'Window', 'Verdict', 'Looks', 'Reason'], rows)}\n\n${summary}`;
}

function addTemplates(policy: Command, io: CommandIo): void {
  withExamples(
    printsResult(
      policy.command('templates [name]').description('list the templates, or show one with its parameters'),
    ),
    'bellwether policy templates http-red',
  ).action((name: string | undefined, options: PrintOptions) => {
    const templates = shippedTemplates();
    if (name === undefined) {
      const rows = [...templates.values()].map((one) => [
        one.template,
        one.title,
        String(one.metrics.length),
      ]);
      const text = table(['Template', 'For', 'Metrics'], rows);
      printResult(io, options, { text, data: [...templates.values()] });
    } else printResult(io, options, templateResult(templates, name));
  });
}

function templateResult(templates: Templates, name: string): CommandResult {
  const template = templates.get(name);
  if (template === undefined) {
    const closest = closestKey(name, [...templates.keys()]);
    throw new CommandError(
      `there is no template "${name}"; ${closest === undefined ? `known: ${[...templates.keys()].join(', ')}` : `did you mean "${closest}"?`}`,
    );
  }
  const parameters = Object.entries(template.parameters).map(([key, one]) => [
    key,
    one.type,
    one.required ? 'required' : one.default === undefined ? 'none' : String(one.default) || '(empty)',
    one.describes,
  ]);
  const metrics = template.metrics.map((metric) => [String(metric['name']), String(metric['kind'])]);
  const text = [
    `${template.template}: ${template.title}`,
    template.describes,
    `Metrics of: ${template.exporter}`,
    table(['Metric', 'Kind'], metrics),
    table(['Parameter', 'Type', 'Default', 'What it is'], parameters),
    `use:\n  - template: ${template.template}\n    with: { source: prom }`,
  ].join('\n\n');
  return { text, data: template };
}

function countOption(text: string): number {
  const number = wholeNumber(text);
  if (number >= 1 && number <= 1_000_000) return number;
  throw new InvalidArgumentError('Give a whole number of at least 1.');
}
