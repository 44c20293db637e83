/** Why samples of a push were not taken. `dropped` was asked for, `no-value` is nothing to keep, `duplicate` was counted before; the rest is told to the sender. */
export type RefusalReason =
  | 'dropped'
  | 'no-value'
  | 'duplicate'
  | 'malformed'
  | 'bad-name'
  | 'unsupported'
  | 'mixed-temporality'
  | 'too-old'
  | 'in-the-future'
  | 'token-series-limit'
  | 'project-series-limit'
  | 'forbidden';

/** Samples that were not taken for one reason, with the first of them as an example. */
export interface SampleRefusal {
  readonly reason: RefusalReason;
  readonly samples: number;
  /** A sentence that names the series and the remedy. */
  readonly example: string;
}

const SILENT: readonly RefusalReason[] = ['dropped', 'no-value', 'duplicate'];

/** Whether the sender has to hear of it. */
export function isFault({ reason }: Pick<SampleRefusal, 'reason'>): boolean {
  return !SILENT.includes(reason);
}

/** Counts refused samples by reason and keeps one example each, however many there are. */
export class RefusalTally {
  readonly #byReason = new Map<RefusalReason, { samples: number; readonly example: string }>();

  /** @param example made only for the first one of its reason */
  add(reason: RefusalReason, samples: number, example: () => string): void {
    const known = this.#byReason.get(reason);
    if (known === undefined) this.#byReason.set(reason, { samples, example: example() });
    else known.samples += samples;
  }

  list(): readonly SampleRefusal[] {
    return [...this.#byReason].map(([reason, { samples, example }]) => ({ reason, samples, example }));
  }
}
