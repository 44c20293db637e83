/** What the program exits with; verdicts carry their own code. */
export const EXIT = {
  ok: 0,
  rollback: 1,
  inconclusive: 2,
  /** Anything that went wrong, a wrong call included. */
  error: 3,
  timedOut: 4,
  ended: 5,
} as const;
