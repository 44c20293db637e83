import type { Change, Deployment, Link, PlannedStep, Strategy } from '../domain/deployment.js';

/** What a tool says of the version that it brings out. */
export interface ReportedRelease {
  readonly version: string;
  readonly previousVersion?: string;
  /** What the control group of a canary is called where no earlier version is known. */
  readonly control?: string;
  readonly strategy?: Strategy;
  readonly change: Omit<Change, 'committedAtMs'>;
  readonly migration?: NonNullable<Deployment['migration']>;
  readonly labels: Readonly<Record<string, string>>;
  readonly links: readonly Link[];
  readonly plannedSteps?: readonly PlannedStep[];
}

/**
 * - `begin`: it takes effect now. `finish`: it is out; begins it where nobody said so. `cancel`: it was called off or failed.
 * - `undo`: an earlier version is back in place of the newest deployment.
 * - `remove`: the service is gone, and with it whatever deployment of it is under way.
 * - `look`: nothing changes; asked for a gate.
 */
export type Move = 'begin' | 'finish' | 'cancel' | 'undo' | 'remove' | 'look';

/** A message about one deployment, in our own words. */
export interface ChangeEvent {
  readonly kind: 'change';
  /** What rules are matched against. */
  readonly subject: Readonly<Record<string, string>>;
  /** The same in every message about one deployment. */
  readonly key: string;
  /**
   * The sender gives the same key again when the same version comes out again: this message begins anew whatever became of the run
   * before it, or only where that one came to its own end.
   */
  readonly repeats?: 'always' | 'once-ended';
  readonly move: Move;
  /**
   * Name of a label: nothing is under way any more, so this may have been out for long. It begins a deployment only where the newest one
   * of the service has the same label, and so this one came out since.
   */
  readonly settledBy?: string;
  /** Event time; absent: now. */
  readonly atMs?: number;
  readonly release: ReportedRelease;
  /** Planned steps up to this index have begun. */
  readonly stepIndex?: number;
  /** Why it was called off. */
  readonly reason?: string;
  /** What the sender wants to know. */
  readonly gate?: Gate;
}

/** A question of the sender: `open` answers it with success. */
export type Gate = 'unless-rollback' | 'when-continue' | 'when-rollback';

/** A genuine message that changes nothing. */
export interface NothingToDo {
  readonly kind: 'nothing';
  readonly reason: string;
}

export type HookEvent = ChangeEvent | NothingToDo;

/** A message as it came in. */
export interface HookMessage {
  readonly header: (name: string) => string | undefined;
  /** What follows the hook's name in the address. */
  readonly topic: string;
  readonly body: Buffer;
  readonly nowMs: number;
}

/** How the messages of one tool are understood. */
export interface HookDialect {
  /** Whether the message comes from who knows the secret; only of signed kinds. */
  readonly isGenuine?: (message: HookMessage, secret: string) => boolean;
  /** What makes a delivery that is sent again known. */
  readonly deliveryOf?: (message: HookMessage) => string | undefined;
  /** @throws HookError when the message is not one of this tool's */
  readonly decode: (message: HookMessage) => readonly HookEvent[];
}

/** A message that can't be understood; the text says what to do. */
export class HookError extends Error {
  constructor(
    message: string,
    /** RFC 6901 pointer into the body. */
    readonly pointer?: string,
  ) {
    super(message);
  }
}

export function nothing(reason: string): readonly [NothingToDo] {
  return [{ kind: 'nothing', reason }];
}
