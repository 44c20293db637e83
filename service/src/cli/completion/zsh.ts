import type { TreeCommand, TreeOption } from './command-tree.js';
import { brief, quoted } from './shell-word.js';

/** A completion script for zsh. */
export function zshCompletion(name: string, tree: readonly TreeCommand[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
_${name}() {
  local command_path="" next word prev="\${words[CURRENT-1]}"
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${command_path:+$command_path }$word"
    case "$next" in
      ${paths.join('|')}) command_path="$next" ;;
    esac
  done
  case "$command_path $prev" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$command_path" in
${tree.map(wordCase).join('\n')}
  esac
  _describe ${quoted(name)} found
${fileCase(tree)}}
compdef _${name} ${name}
`;
}

function valueCases({ path, options }: TreeCommand): readonly string[] {
  return options.flatMap((option) => {
    if (!option.takesValue) return [];
    const patterns = option.names.map((one) => quoted(`${path} ${one}`)).join('|');
    return [`    ${patterns}) ${valueReply(option)}; return ;;`];
  });
}

function valueReply({ choices, isPath, description }: TreeOption): string {
  if (choices.length > 0) return `compadd -- ${choices.map(quoted).join(' ')}`;
  return isPath ? '_files' : `_message ${quoted(brief(description))}`;
}

function wordCase({ path, commands, options, argumentChoices }: TreeCommand): string {
  const described = [
    ...commands.map((one) => [one.name, one.description] as const),
    ...argumentChoices.map((choice) => [choice, ''] as const),
    ...options.flatMap((option) => option.names.map((one) => [one, option.description] as const)),
  ].map(([word, description]) => quoted(`${word.replaceAll(':', '\\:')}:${brief(description)}`));
  return `    ${quoted(path)}) found=(${described.join(' ')}) ;;`;
}

function fileCase(tree: readonly TreeCommand[]): string {
  const paths = tree.filter(({ takesFile }) => takesFile).map(({ path }) => quoted(path));
  if (paths.length === 0) return '';
  return `  case "$command_path" in
    ${paths.join('|')}) _files ;;
  esac
`;
}
