import type { Command } from 'commander';
import type { CommandIo } from './command-io.js';
import { configOption } from './data-place.js';
import { withExamples } from './examples.js';

/** `serve`. */
export function addServeCommands(program: Command, io: CommandIo): void {
  withExamples(
    program
      .command('serve')
      .description('run the scoring service until SIGINT or SIGTERM; logs go to standard error')
      .addOption(configOption()),
    'bellwether serve',
    'bellwether serve --config /etc/bellwether.json',
  ).action(async (options: { readonly config?: string }) => {
    // The whole service; commands that only ask one need not load it.
    const { serve } = await import('../serve.js');
    await serve(options, io.environment);
  });
}
