import type { Author, Check } from './check.js';
import type { Hold } from './hold.js';
import type { Transitions } from './state-machine.js';

/** `lesson`: what was learned, for the next release. */
export type NoteKind = 'note' | 'lesson';

/** Something that a person or a pipeline wrote down. */
export interface Note extends Author {
  readonly id: string;
  readonly deploymentId: string;
  readonly kind: NoteKind;
  readonly text: string;
  readonly atMs: number;
}

/** A link to where an incident is worked on. It is shown, never fetched. */
export interface Incident extends Author {
  readonly id: string;
  readonly deploymentId: string;
  readonly url: string;
  readonly title: string;
  readonly atMs: number;
}

export type AcknowledgementState = 'open' | 'taken' | 'released';
export type AcknowledgementEvent = 'take' | 'release';

/** "I have this." A person takes a deployment on; somebody else takes it over, or it is released and may be taken again. */
export const acknowledgementTransitions: Transitions<AcknowledgementState, AcknowledgementEvent> = {
  open: { take: 'taken' },
  taken: { take: 'taken', release: 'released' },
  released: { take: 'taken' },
};

/** Who had it, from when to when; at most one of a deployment is not released. */
export interface Acknowledgement extends Author {
  readonly id: string;
  readonly deploymentId: string;
  readonly comment?: string;
  readonly atMs: number;
  readonly releasedAtMs?: number;
  /** Pseudonym of the token that released it, or that took over. */
  readonly releasedBy?: string;
  readonly revision: number;
}

/** What is known of a deployment beside its metrics. */
export interface Collaboration {
  /** By first report. */
  readonly checks: readonly Check[];
  /** Oldest first. */
  readonly notes: readonly Note[];
  /** Oldest first. */
  readonly incidents: readonly Incident[];
  /** Oldest first. */
  readonly acknowledgements: readonly Acknowledgement[];
  readonly hold?: Hold;
}

/** Nothing beside the metrics yet. */
export const NO_COLLABORATION: Collaboration = {
  checks: [],
  notes: [],
  incidents: [],
  acknowledgements: [],
};
