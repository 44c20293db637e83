import type { TreeCommand, TreeOption } from './command-tree.js';
import { quoted } from './shell-word.js';

/** A completion script for bash; it needs nothing but bash. */
export function bashCompletion(name: string, tree: readonly TreeCommand[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" next words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
      ${paths.join('|')}) path="$next" ;;
    esac
  done
  case "$path $prev" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$path" in
${tree.map(wordCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
${fileCase(tree)}}
complete -F _${name} ${name}
`;
}

function valueCases({ path, options }: TreeCommand): readonly string[] {
  return options.flatMap((option) => {
    if (!option.takesValue) return [];
    const patterns = option.names.map((one) => quoted(`${path} ${one}`)).join('|');
    return [`    ${patterns}) ${valueReply(option)}; return ;;`];
  });
}

function valueReply({ choices, isPath }: TreeOption): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$cur"))`;
  return isPath ? 'COMPREPLY=($(compgen -f -- "$cur"))' : 'COMPREPLY=()';
}

function wordCase({ path, commands, options, argumentChoices }: TreeCommand): string {
  const words = [
    ...commands.map((one) => one.name),
    ...argumentChoices,
    ...options.flatMap((option) => option.names),
  ];
  return `    ${quoted(path)}) words=${quoted(words.join(' '))} ;;`;
}

/** Commands whose argument is a file get files beside their options. */
function fileCase(tree: readonly TreeCommand[]): string {
  const paths = tree.filter(({ takesFile }) => takesFile).map(({ path }) => quoted(path));
  if (paths.length === 0) return '';
  return `  case "$path" in
    ${paths.join('|')}) COMPREPLY+=($(compgen -f -- "$cur")) ;;
  esac
`;
}
