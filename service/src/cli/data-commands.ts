import type { Command } from 'commander';
import { forgetPerson } from './administer-store.js';
import type { CommandIo } from './command-io.js';
import { folderOf, onData, type DataPlace } from './data-place.js';
import { withExamples } from './examples.js';
import { printResult } from './print-result.js';
import { backupStore, verifyStoreAudit } from './store-commands.js';

/** `person forget`, `audit verify` and `backup`: what is done with the data folder itself. */
export function addDataCommands(program: Command, io: CommandIo): void {
  const person = program.command('person').description('people in the records');
  withExamples(
    onData(
      person
        .command('forget <pseudonym>')
        .description('delete the name behind a pseudonym of the audit log, while the service is stopped'),
    ),
    'bellwether person forget p-0123456789abcdef0123 --config bellwether.json',
  ).action(async (pseudonym: string, place: DataPlace) =>
    printResult(io, place, await forgetPerson(folderOf(place, io), pseudonym, Date.now())),
  );

  const audit = program.command('audit').description('the audit log');
  withExamples(
    onData(
      audit
        .command('verify')
        .description('check the hash chain and its signed checkpoints; exits 1 when something was altered'),
    ),
    'bellwether audit verify --data-dir /var/lib/bellwether',
    'bellwether audit verify --json',
  ).action(async (place: DataPlace) => {
    const result = await verifyStoreAudit(folderOf(place, io));
    printResult(io, place, result);
    if (!result.ok) io.setExitCode(1);
  });

  withExamples(
    onData(
      program
        .command('backup <file>')
        .description('write a consistent copy of the database while the service runs'),
    ),
    'bellwether backup /backups/bellwether-$(date +%F).db --data-dir /var/lib/bellwether',
  ).action(async (file: string, place: DataPlace) =>
    printResult(io, place, await backupStore(folderOf(place, io), file)),
  );
}
