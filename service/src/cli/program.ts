import { Command } from 'commander';
import type { CommandIo } from './command-io.js';
import { addCheckCommands } from './check-commands.js';
import { addCollaborationCommands } from './collaboration-commands.js';
import { addCompletionCommands } from './completion-commands.js';
import { addDataCommands } from './data-commands.js';
import { addDeployCommands } from './deploy-commands.js';
import { addDiscoverCommand } from './discover-commands.js';
import { addCalibrationCommands } from './calibration-commands.js';
import { addLearnedCommands } from './learned-commands.js';
import { addFeedbackCommands } from './feedback-commands.js';
import { addDoctorCommands } from './doctor-commands.js';
import { addGrafanaCommands } from './grafana-commands.js';
import { addInitCommand } from './init-commands.js';
import { addPeopleCommands } from './people-commands.js';
import { addPolicyCommands } from './policy-commands.js';
import { addRehearseCommand } from './rehearse-commands.js';
import { addServeCommands } from './serve-commands.js';
import { addTokenCommands } from './token-commands.js';
import { addWatchCommands } from './watch-commands.js';

/**
 * The command line: what there is, and what each option means.
 * @returns a program whose `parseAsync` rejects with commander's own error, after telling the user, instead of leaving the process
 */
export function createProgram(version: string, io: CommandIo): Command {
  const program = new Command('bellwether')
    .description(
      'Says continue or roll back after a deployment, with a false-rollback rate that you set and can check.',
    )
    .version(version)
    // `deploy start` has a --version of its own.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(the same with --help tells more)')
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    });
  program.commandsGroup('Deployments:');
  addDeployCommands(program, io);
  addWatchCommands(program, io);
  program.commandsGroup('People:');
  addPeopleCommands(program, io);
  addFeedbackCommands(program, io);
  addCheckCommands(program, io);
  addCollaborationCommands(program, io);
  program.commandsGroup('Services:');
  addCalibrationCommands(program, io);
  addLearnedCommands(program, io);
  program.commandsGroup('Policies:');
  addPolicyCommands(program, io);
  addDiscoverCommand(program, io);
  addRehearseCommand(program, io);
  program.commandsGroup('Grafana:');
  addGrafanaCommands(program, io);
  program.commandsGroup('Service:');
  addInitCommand(program, io);
  addServeCommands(program, io);
  addTokenCommands(program, io);
  addDataCommands(program, io);
  addDoctorCommands(program, io);
  program.commandsGroup('More:');
  addCompletionCommands(program, io);
  program.addHelpCommand(
    program.createCommand('help [command]').description('tell more of a command').helpGroup('More:'),
  );
  return program;
}
