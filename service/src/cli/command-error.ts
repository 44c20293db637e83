/** The command cannot do what was asked; the message says what to do instead. */
export class CommandError extends Error {}
