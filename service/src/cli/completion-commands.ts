import { Argument, type Command } from 'commander';
import type { CommandIo } from './command-io.js';
import { bashCompletion } from './completion/bash.js';
import { commandTree } from './completion/command-tree.js';
import { fishCompletion } from './completion/fish.js';
import { zshCompletion } from './completion/zsh.js';
import { withExamples } from './examples.js';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
type Shell = keyof typeof SCRIPTS;

/** `completion bash|zsh|fish`: scripts made of the commands that there are. */
export function addCompletionCommands(program: Command, io: CommandIo): void {
  withExamples(
    program
      .command('completion')
      .description('print a script that completes commands and options in a shell')
      .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS))),
    'source <(bellwether completion bash)        # in ~/.bashrc',
    'source <(bellwether completion zsh)         # in ~/.zshrc, after compinit',
    'bellwether completion fish | source         # in ~/.config/fish/config.fish',
  ).action((shell: Shell) => io.out(SCRIPTS[shell](program.name(), commandTree(program))));
}
