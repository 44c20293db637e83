import type { RollbackOrder } from '../port.js';

/** What a `{{name}}` argument stands for. Only short identifiers: free text like the reason comes by the environment. */
const values = {
  rollbackId: ({ rollback }: RollbackOrder) => rollback.id,
  deploymentId: ({ deployment }: RollbackOrder) => deployment.id,
  project: ({ deployment }: RollbackOrder) => deployment.project,
  service: ({ deployment }: RollbackOrder) => deployment.service,
  environment: ({ deployment }: RollbackOrder) => deployment.environment,
  version: ({ deployment }: RollbackOrder) => deployment.version,
  previousVersion: ({ deployment }: RollbackOrder) => deployment.previousVersion,
  strategy: ({ deployment }: RollbackOrder) => deployment.strategy,
  commit: ({ deployment }: RollbackOrder) => deployment.change.commit,
} as const;

type Name = keyof typeof values;
export type Filled =
  | { readonly kind: 'filled'; readonly argv: readonly string[] }
  | { readonly kind: 'refused'; readonly detail: string };

const wholeArgument = /^\{\{(\w+)\}\}$/;
const maxValueChars = 512;

/**
 * Checks an argument list when the server starts.
 *
 * @throws Error naming the argument: empty list, placeholder for the program, unknown name, or a placeholder that is part of an argument
 */
export function checkArgv(argv: readonly string[], field: string): void {
  const [program = ''] = argv;
  if (program === '' || program.includes('{{'))
    throw new Error(`${field}[0] must be the program to run, without placeholders`);
  for (const [index, argument] of argv.entries()) {
    if (argument.includes('\0')) throw new Error(`${field}[${index}] holds a NUL character`);
    const name = wholeArgument.exec(argument)?.[1];
    if (name !== undefined && !isName(name)) {
      throw new Error(
        `${field}[${index}] names an unknown placeholder "${name}"; known are ${Object.keys(values).join(', ')}`,
      );
    }
    if (name === undefined && argument.includes('{{')) {
      throw new Error(
        `${field}[${index}] "${argument}" mixes a placeholder with text; give the placeholder an argument of its own, or read the BELLWETHER_ variables in the program`,
      );
    }
  }
}

/**
 * Puts an order's values in place of the placeholders. Values come from API requests, so one that the program could take for an
 * option (a leading `-`), that is missing, too long or holds control characters refuses the whole command.
 */
export function fillArgv(argv: readonly string[], order: RollbackOrder): Filled {
  const filled: string[] = [];
  for (const argument of argv) {
    const name = wholeArgument.exec(argument)?.[1];
    if (name === undefined || !isName(name)) {
      filled.push(argument);
      continue;
    }
    const value = values[name](order);
    const objection = objectionTo(value);
    if (value === undefined || objection !== undefined)
      return {
        kind: 'refused',
        detail: `the deployment's ${name} ${objection ?? 'is missing'}; the command was not run`,
      };
    filled.push(value);
  }
  return { kind: 'filled', argv: filled };
}

function isName(name: string): name is Name {
  return Object.hasOwn(values, name);
}

function objectionTo(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return 'is not known';
  if (value.startsWith('-')) return 'begins with "-", which programs take for an option';
  if (/\p{Cc}/u.test(value)) return 'holds control characters';
  return value.length > maxValueChars ? `is longer than ${maxValueChars} characters` : undefined;
}
