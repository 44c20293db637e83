import { createHash } from 'node:crypto';
import type { Trial } from './trial.js';

/** One cell of a simulation: what is drawn, and how much work one past of it is. */
export interface TrialCell {
  /** Words joined by slashes. */
  readonly id: string;
  readonly subject: Trial['subject'];
  /** Position that its seeds follow from; cells of one position draw the same noise. */
  readonly position: number;
  readonly futures: number;
  readonly peerFutures: number;
}

/** Of what is planned, the part that is run. */
export interface TrialChoice {
  readonly seed: number;
  /** Pasts of every cell. */
  readonly pasts: number;
  /** The batches whose number leaves this remainder when divided by `parts`. */
  readonly part: number;
  readonly parts: number;
  /** Each a list of words that a cell's id must all hold; a cell that fits one is run, every cell where there is none. */
  readonly wanted: readonly (readonly string[])[];
  /** Whether the learned scorer is asked, too. */
  readonly isLearnedAsked: boolean;
}

/** Pasts of a trial: few, so that little is lost when a run is stopped. */
const BATCH = 5;
const SEEDS_A_CELL = 1_000_000;
const SEEDS_A_SEED = 1000 * SEEDS_A_CELL;
const DIGITS = 8;

/** Whether a cell is wanted. */
export function isWanted(id: string, wanted: TrialChoice['wanted']): boolean {
  const words = id.split('/');
  return wanted.length === 0 || wanted.some((each) => each.every((word) => words.includes(word)));
}

/** The trials of all wanted cells, batch by batch, so that a run that is stopped has about as many of each cell. */
export function planTrials(cells: readonly TrialCell[], choice: TrialChoice): readonly Trial[] {
  const kept = cells.filter(({ id }) => isWanted(id, choice.wanted));
  const batches = Array.from({ length: Math.ceil(choice.pasts / BATCH) }, (_, batch) => batch);
  return batches
    .filter((batch) => batch % choice.parts === choice.part)
    .flatMap((batch) =>
      kept.map((cell): Trial => ({
        key: `${cell.id}#${fingerprint(cell)}#${batch}${choice.isLearnedAsked ? '#learned' : ''}`,
        cell: cell.id,
        subject: cell.subject,
        firstSeed: choice.seed * SEEDS_A_SEED + cell.position * SEEDS_A_CELL + batch * BATCH,
        pasts: Math.min(BATCH, choice.pasts - batch * BATCH),
        futures: cell.futures,
        peerFutures: cell.peerFutures,
        isLearnedAsked: choice.isLearnedAsked,
      })),
    );
}

/** Tells results of a cell from those of another that once had its name. */
export function fingerprint({ subject, position, futures, peerFutures }: TrialCell): string {
  const text = JSON.stringify({ subject, position, futures, peerFutures });
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
