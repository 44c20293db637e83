/**
 * A body that cannot be read as what it says it is: `malformed` is broken, `too-large` would unpack to more than is taken, `unsupported` is
 * a kind or version that is not known here. Nothing of it was taken.
 */
export class PayloadError extends Error {
  constructor(
    readonly code: 'malformed' | 'too-large' | 'unsupported',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
