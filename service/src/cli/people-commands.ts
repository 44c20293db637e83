import type { Command } from 'commander';
import type { CommandIo } from './command-io.js';
import { deploymentsApi } from './deployments-api.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';
import { plain } from './terminal/plain-text.js';

/** `rollback` and `continue`: what people decide. */
export function addPeopleCommands(program: Command, io: CommandIo): void {
  withExamples(
    onServer(
      program
        .command('rollback <id>')
        .description('ask for a rollback, which the service carries out')
        .option('--reason <text>', 'why; most policies require it')
        .option('--dry-run', 'say what would be done and do nothing'),
    ),
    'bellwether rollback cart-2.1.0 --reason "checkout errors doubled"',
    'bellwether rollback cart-2.1.0 --reason "rehearsal" --dry-run',
  ).action(
    async (id: string, options: ServerOptions & { readonly reason?: string; readonly dryRun?: boolean }) => {
      const { reason, dryRun } = options;
      const rollback = await deploymentsApi(clientFor(options, io)).rollback(id, { reason, dryRun });
      const by = `by executor "${plain(rollback.executor)}"`;
      const text = rollback.dryRun
        ? `Nothing was done. ${id} would be rolled back ${by}.`
        : `Rollback ${rollback.id} of ${id} is ${rollback.state}, ${by}; "bellwether deploy show ${id}" tells how it goes.`;
      printResult(io, options, { text, data: rollback });
    },
  );

  withExamples(
    onServer(
      program
        .command('continue <id>')
        .description('go on against or before the verdict, on record and in your name')
        .requiredOption('--reason <text>', 'why'),
    ),
    'bellwether continue cart-2.1.0 --reason "the errors come from a load test"',
  ).action(async (id: string, options: ServerOptions & { readonly reason: string }) => {
    const verdict = await deploymentsApi(clientFor(options, io)).override(id, options.reason);
    const text = `The verdict of ${id} is ${verdict.verdict} now, by your decision.`;
    printResult(io, options, { text, data: verdict });
  });
}
