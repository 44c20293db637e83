import type { TreeCommand, TreeOption } from './command-tree.js';
import { brief } from './shell-word.js';

/** A completion script for fish. */
export function fishCompletion(name: string, tree: readonly TreeCommand[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => fishQuoted(path));
  return `# fish completion of ${name}: ${name} completion fish | source
function __${name}_path
    set -l path ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$path $word")
        if contains -- $next ${paths.join(' ')}
            set path $next
        end
    end
    echo $path
end
function __${name}_at
    test (__${name}_path) = "$argv"
end
complete -c ${name} -f
${tree.flatMap((command) => commandLines(name, command)).join('\n')}
`;
}

function commandLines(name: string, command: TreeCommand): readonly string[] {
  const condition = `-n ${fishQuoted(`__${name}_at ${command.path}`.trim())}`;
  const start = `complete -c ${name} ${condition}`;
  return [
    ...command.commands.map((one) => `${start} -a ${one.name} -d ${fishQuoted(brief(one.description))}`),
    ...command.argumentChoices.map((choice) => `${start} -a ${fishQuoted(choice)}`),
    ...(command.takesFile ? [`${start} -F`] : []),
    ...command.options.map(
      (option) => `${start} ${optionFlags(option)} -d ${fishQuoted(brief(option.description))}`,
    ),
  ];
}

function optionFlags({ names, takesValue, choices, isPath }: TreeOption): string {
  const flags = names.map((one) => (one.startsWith('--') ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`));
  if (!takesValue) return flags.join(' ');
  const values = choices.length > 0 ? ` -a ${fishQuoted(choices.join(' '))}` : '';
  return `${flags.join(' ')} ${isPath ? '-r -F' : '-x'}${values}`;
}

/** Fish knows two escapes inside single quotes. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
