import type { Author } from '../../domain/check.js';
import type { Transaction } from '../../store/port.js';
import type { Caller, StatedPerson } from '../use-cases.js';

/** The token that asks and the person it speaks for, both as pseudonyms: their names can be deleted later. */
export async function authorOf(
  tx: Transaction,
  caller: Caller,
  by: StatedPerson | undefined,
): Promise<Author> {
  return {
    actor: await tx.pseudonym(caller.name),
    actorRole: caller.role,
    ...(by === undefined ? {} : { person: await tx.pseudonym(by.name) }),
    ...(by?.role === undefined ? {} : { personRole: by.role }),
  };
}

/** The person behind an entry, as the audit log keeps it. */
export function personOf({ person, personRole }: Author): Readonly<Record<string, string>> {
  return {
    ...(person === undefined ? {} : { person }),
    ...(personRole === undefined ? {} : { personRole }),
  };
}
