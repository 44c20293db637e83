import {
  acknowledgementTransitions,
  type Acknowledgement,
  type AcknowledgementState,
} from '../../domain/collaboration.js';
import { next } from '../../domain/state-machine.js';
import type { Transaction } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { presentAcknowledgement } from '../present-collaboration.js';
import { AppError, type Caller, type StatedPerson } from '../use-cases.js';
import { authorOf, personOf } from './author-of.js';
import { changeBeside, type Change } from './change-beside.js';

/** People who took one deployment on, one after the other. */
const MOST_ACKNOWLEDGEMENTS = 100;

export interface AcknowledgeRequest {
  readonly comment?: string;
  readonly release: boolean;
  readonly by?: StatedPerson;
}

/**
 * "I have this": the deployment is theirs until they release it or somebody else takes it over. The same person again changes nothing.
 * @throws AppError `conflict` when nobody has it and it is to be released
 */
export function acknowledge(
  ctx: AppContext,
  caller: Caller,
  id: string,
  request: AcknowledgeRequest,
): Promise<Acknowledgement> {
  return changeBeside(ctx, caller, 'override', id, async (tx): Promise<Change<Acknowledgement>> => {
    const all = await tx.acknowledgements(id);
    const held = all.find((one) => one.releasedAtMs === undefined);
    checkMove(held, all, request.release);
    const author = await authorOf(tx, caller, request.by);
    if (held !== undefined && request.release) return told(await released(ctx, tx, held, author.actor));
    if (held?.actor === author.actor && held.person === author.person) return { result: held };
    checkRoom(all);
    if (held !== undefined) await released(ctx, tx, held, author.actor);
    const { comment } = request;
    const taken: Acknowledgement = {
      id: ctx.newId(),
      deploymentId: id,
      ...(comment === undefined ? {} : { comment }),
      ...author,
      atMs: ctx.clock(),
      revision: 1,
    };
    await tx.insertAcknowledgement(taken);
    return told(taken, held?.id);
  });
}

function checkMove(
  held: Acknowledgement | undefined,
  all: readonly Acknowledgement[],
  release: boolean,
): void {
  const state: AcknowledgementState = held !== undefined ? 'taken' : all.length > 0 ? 'released' : 'open';
  if (next(acknowledgementTransitions, state, release ? 'release' : 'take') !== undefined) return;
  throw new AppError('conflict', 'nobody has this deployment', {
    field: '/release',
    remedy: 'leave "release" out to take it',
  });
}

function checkRoom(all: readonly Acknowledgement[]): void {
  if (all.length < MOST_ACKNOWLEDGEMENTS) return;
  throw new AppError('conflict', `a deployment was taken on ${all.length} times; that is the most`, {
    remedy: 'leave a note instead (POST …/notes)',
  });
}

async function released(
  ctx: AppContext,
  tx: Transaction,
  held: Acknowledgement,
  releasedBy: string,
): Promise<Acknowledgement> {
  const ended = { ...held, releasedAtMs: ctx.clock(), releasedBy, revision: held.revision + 1 };
  await tx.updateAcknowledgement(ended);
  return ended;
}

function told(one: Acknowledgement, takenOverFrom?: string): Change<Acknowledgement> {
  const over = one.releasedAtMs !== undefined;
  return {
    result: one,
    told: {
      action: over ? 'acknowledgement.release' : 'acknowledgement.take',
      detail: {
        acknowledgement: one.id,
        ...(takenOverFrom === undefined ? {} : { takenOverFrom }),
        ...personOf(one),
      },
      event: 'deployment.acknowledged',
      data: { ...presentAcknowledgement(one), released: over },
    },
  };
}
