import type { Command } from 'commander';
import { calibrationApi } from './calibration-api.js';
import { describeCalibration } from './calibration/describe-calibration.js';
import type { CommandIo } from './command-io.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer, type ServerOptions } from './server-place.js';

interface PlaceOptions extends ServerOptions {
  readonly project?: string;
}

/** `calibration` and `reset-tuning`: how well verdicts on a service hold, and what was learned of it. */
export function addCalibrationCommands(program: Command, io: CommandIo): void {
  withExamples(
    onServer(
      program
        .command('calibration <service>')
        .description('how well the error rate and the probabilities of a service hold')
        .option('--environment <name>', 'only this one')
        .option('--project <name>', 'its project (default: that of the token)'),
    ),
    'bellwether calibration checkout --environment production',
  ).action(async (service: string, options: PlaceOptions & { readonly environment?: string }) => {
    const { project, environment } = options;
    const answer = await calibrationApi(clientFor(options, io), service).show({ project, environment });
    const text = answer.items.map(describeCalibration).join('\n\n');
    printResult(io, options, { text, data: answer });
  });

  withExamples(
    onServer(
      program
        .command('reset-tuning <service>')
        .description('set back what was learned of a service from its history and feedback')
        .requiredOption('--environment <name>', 'where')
        .requiredOption('--reason <text>', 'why')
        .option('--project <name>', 'its project (default: that of the token)'),
    ),
    'bellwether reset-tuning checkout --environment production --reason "the queue was replaced"',
  ).action(
    async (
      service: string,
      options: PlaceOptions & { readonly environment: string; readonly reason: string },
    ) => {
      const { project, environment, reason } = options;
      const body = { project, environment, reason };
      const reset = await calibrationApi(clientFor(options, io), service).reset(body);
      const text = `Watches of ${service} in ${environment} that begin from now on start afresh: prior and weights are the policy's.`;
      printResult(io, options, { text, data: reset });
    },
  );
}
