import type { Command } from 'commander';
import type { ServerOptions } from './server-place.js';

/** Options of a command that may be run for a person, such as by a pipeline or a chat bot. */
export interface PersonOptions extends ServerOptions {
  readonly by?: string;
  readonly byRole?: string;
}

/** Adds `--by` and `--by-role`. */
export function forPerson(command: Command): Command {
  return command
    .option('--by <name>', 'the person whom the token speaks for')
    .option('--by-role <role>', 'their role, such as "release manager"');
}

/** The person as the API takes it; undefined where none is named. */
export function personOf({
  by,
  byRole,
}: PersonOptions): { readonly name: string; readonly role?: string } | undefined {
  if (by === undefined) return undefined;
  return { name: by, ...(byRole === undefined ? {} : { role: byRole }) };
}
