import type { Command } from 'commander';
import { calibrationApi } from './calibration-api.js';
import type { CommandIo } from './command-io.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';
import { plain } from './terminal/plain-text.js';

interface ChangeOptions extends ServerOptions {
  readonly project?: string;
  readonly environment: string;
  readonly reason: string;
}

const ACTIONS = {
  tune: 'tune the learned scorer on a service’s own quiet history; used only where it is better',
  revert: 'ask the shipped model of the learned scorer again',
} as const;

/** `learned tune` and `learned revert`; see docs/learned.md. */
export function addLearnedCommands(program: Command, io: CommandIo): void {
  const learned = program
    .command('learned')
    .description('the learned scorer of a service; see docs/learned.md');
  for (const [action, description] of Object.entries(ACTIONS))
    withExamples(
      onServer(
        learned
          .command(`${action} <service>`)
          .description(description)
          .requiredOption('--environment <name>', 'where')
          .requiredOption('--reason <text>', 'why; for the audit log')
          .option('--project <name>', 'its project (default: that of the token)'),
      ),
      `bellwether learned ${action} checkout --environment production --reason "a year of history"`,
    ).action(async (service: string, options: ChangeOptions) => {
      const { project, environment, reason } = options;
      const api = calibrationApi(clientFor(options, io), service);
      const answer = await api.changeLearned(action === 'tune' ? 'tune' : 'revert', {
        project,
        environment,
        reason,
      });
      const { model, comparison } = answer;
      const measured =
        comparison === undefined
          ? ''
          : `\nArea under the curve on ${comparison.moments} moments: ${comparison.baseAuc.toFixed(3)} shipped, ${comparison.tunedAuc.toFixed(3)} tuned; difference ${comparison.low.toFixed(3)} to ${comparison.high.toFixed(3)} (95 %).`;
      const text = `${plain(answer.reason)}${measured}\nIn use: ${plain(model)}`;
      printResult(io, options, { text, data: answer });
    });
}
