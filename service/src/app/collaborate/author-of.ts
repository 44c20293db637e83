import type { Author } from '../../domain/check.js';
import type { Transaction } from '../../store/port.js';
import { AppError, type Caller, type StatedPerson } from '../use-cases.js';

/**
 * The token that asks and the person it speaks for, both as pseudonyms: their names can be deleted later.
 * @throws AppError `invalid` when somebody whom Grafana named speaks for another person
 */
export async function authorOf(
  tx: Transaction,
  caller: Caller,
  by: StatedPerson | undefined,
): Promise<Author> {
  if (caller.person !== undefined && by !== undefined && by.name !== caller.person)
    throw new AppError('invalid', `this is asked by "${caller.person}", not by "${by.name}"`, {
      field: '/by/name',
      remedy: 'give the login of the Grafana user who asks, or leave "by" out',
    });
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
