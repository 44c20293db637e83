import { Option, type Command } from 'commander';
import { noteKinds } from '../api/collaboration.js';
import { collaborationApi } from './collaboration-api.js';
import type { CommandIo } from './command-io.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { clientFor, onServer } from './server-place.js';
import { forPerson, personOf, type PersonOptions } from './stated-person.js';

/** `ack`, `note`, `incident`, `hold` and `proceed`: what people say and decide beside the verdict. */
export function addCollaborationCommands(program: Command, io: CommandIo): void {
  addAcknowledge(program, io);
  addNote(program, io);
  addIncident(program, io);
  addHold(program, io);
  addProceed(program, io);
}

function addAcknowledge(program: Command, io: CommandIo): void {
  const command = program
    .command('ack <id>')
    .description('say "I have this" of a deployment')
    .option('--comment <text>', 'what you do about it')
    .option('--release', 'say that you do not have it any more');
  withExamples(
    onServer(forPerson(command)),
    'bellwether ack cart-2.1.0 --comment "looking at the database"',
  ).action(
    async (
      id: string,
      options: PersonOptions & { readonly comment?: string; readonly release?: boolean },
    ) => {
      const { comment, release } = options;
      const body = { comment, release, by: personOf(options) };
      const answer = await collaborationApi(clientFor(options, io), id).acknowledge(body);
      const text = release === true ? `Nobody has ${id} now.` : `${id} is yours.`;
      printResult(io, options, { text, data: answer });
    },
  );
}

function addNote(program: Command, io: CommandIo): void {
  const command = program
    .command('note <id> <text>')
    .description('write down a note or a lesson for the report')
    .addOption(new Option('--kind <kind>', 'lesson: what the next release should know').choices(noteKinds));
  withExamples(
    onServer(forPerson(command)),
    'bellwether note cart-2.1.0 "the cache was cold"',
    'bellwether note cart-2.1.0 --kind lesson "warm the cache before the second step"',
  ).action(
    async (
      id: string,
      text: string,
      options: PersonOptions & { readonly kind?: (typeof noteKinds)[number] },
    ) => {
      const body = { text, kind: options.kind, by: personOf(options) };
      const note = await collaborationApi(clientFor(options, io), id).note(body);
      printResult(io, options, { text: `Noted for ${id}.`, data: note });
    },
  );
}

function addIncident(program: Command, io: CommandIo): void {
  const command = program
    .command('incident <id>')
    .description('link where an incident is worked on')
    .requiredOption('--url <url>', 'its address')
    .requiredOption('--title <text>', 'what it is called');
  withExamples(
    onServer(forPerson(command)),
    'bellwether incident cart-2.1.0 --url https://incidents.example.com/204 --title "Checkout is slow"',
  ).action(async (id: string, options: PersonOptions & { readonly url: string; readonly title: string }) => {
    const { url, title } = options;
    const linked = await collaborationApi(clientFor(options, io), id).incident({
      url,
      title,
      by: personOf(options),
    });
    printResult(io, options, { text: `Linked to ${id}.`, data: linked });
  });
}

interface HoldOptions extends PersonOptions {
  readonly reason: string;
  readonly until?: string;
  readonly stopRollback?: boolean;
}

function addHold(program: Command, io: CommandIo): void {
  const command = program
    .command('hold <id>')
    .description('nothing goes on until somebody says "proceed"; harm is still rolled back')
    .requiredOption('--reason <text>', 'why')
    .option('--until <time>', 'it lapses then (RFC 3339)')
    .option('--stop-rollback', 'hold automatic rollbacks back too');
  withExamples(
    onServer(forPerson(command)),
    'bellwether hold cart-2.1.0 --reason "the payment provider is having an incident"',
  ).action(async (id: string, options: HoldOptions) => {
    const { reason, until, stopRollback: stopsRollback } = options;
    const body = { reason, until, stopsRollback, by: personOf(options) };
    const answer = await collaborationApi(clientFor(options, io), id).hold(body);
    const text = `${id} is held${answer.hold?.until === undefined ? '' : ` until ${answer.hold.until}`}; its verdict is ${answer.verdict.verdict}. "bellwether proceed ${id}" lifts it.`;
    printResult(io, options, { text, data: answer });
  });
}

function addProceed(program: Command, io: CommandIo): void {
  const command = program
    .command('proceed <id>')
    .description('lift a hold')
    .requiredOption('--reason <text>', 'why');
  withExamples(
    onServer(forPerson(command)),
    'bellwether proceed cart-2.1.0 --reason "the provider is back"',
  ).action(async (id: string, options: PersonOptions & { readonly reason: string }) => {
    const body = { reason: options.reason, by: personOf(options) };
    const answer = await collaborationApi(clientFor(options, io), id).proceed(body);
    printResult(io, options, {
      text: `${id} goes on; its verdict is ${answer.verdict.verdict}.`,
      data: answer,
    });
  });
}
