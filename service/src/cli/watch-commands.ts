import type { Command } from 'commander';
import type { CommandIo } from './command-io.js';
import { withExamples } from './examples.js';
import { clientFor, onServer } from './server-place.js';
import { addWatchOptions, runWatch, type WatchOptions } from './watch/run-watch.js';

/** `watch`. */
export function addWatchCommands(program: Command, io: CommandIo): void {
  const command = program
    .command('watch <id>')
    .description(
      'watch a deployment until its verdict is final, live in a terminal, in plain lines in a log; Ctrl-C leaves the deployment as it is',
    );
  withExamples(
    addWatchOptions(onServer(command)),
    'bellwether watch cart-2.1.0',
    'bellwether watch cart-2.1.0 --timeout 30m --respect-failure-policy && bellwether deploy finish cart-2.1.0',
    'bellwether watch cart-2.1.0 --json | jq \'select(.type == "end")\'',
  )
    .addHelpText(
      'after',
      [
        '',
        'Exit codes:',
        '  0 continue · 1 rollback · 2 inconclusive · 3 error · 4 timed out, or Ctrl-C · 5 cancelled or superseded',
      ].join('\n'),
    )
    .action((id: string, options: WatchOptions) => runWatch(io, clientFor(options, io), id, options));
}
