import type { Command, Option } from 'commander';

/** One option as a shell completes it. */
export interface TreeOption {
  /** `--json`, and `-q` where there is one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** Its value names a file or a folder. */
  readonly isPath: boolean;
}

/** One command, by the words that lead to it; the program itself is `''`. */
export interface TreeCommand {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly TreeOption[];
  readonly takesFile: boolean;
  /** What its first argument can be, where that is known. */
  readonly argumentChoices: readonly string[];
}

/** Every command of a program, the program first. */
export function commandTree(program: Command): readonly TreeCommand[] {
  return describe(program, '');
}

function describe(command: Command, path: string): readonly TreeCommand[] {
  const own = command.commands;
  const [first] = command.registeredArguments;
  return [
    {
      path,
      commands: own.map((one) => ({ name: one.name(), description: one.description() })),
      options: command.createHelp().visibleOptions(command).map(describeOption),
      takesFile: first?.name() === 'file',
      argumentChoices: first?.argChoices ?? [],
    },
    ...own.flatMap((one) => describe(one, path === '' ? one.name() : `${path} ${one.name()}`)),
  ];
}

function describeOption({
  long,
  short,
  description,
  argChoices,
  flags,
  required,
  optional,
}: Option): TreeOption {
  return {
    names: [long, short].filter((name) => name !== undefined),
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
    isPath: /<(file|folder|name\|@file)>/.test(flags),
  };
}
