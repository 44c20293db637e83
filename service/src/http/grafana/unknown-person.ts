import { RequestError } from '../request-error.js';

/** The refusal of a request whose person is not known; the token itself is good, so it is no 401. */
export function unknownPerson(header: string, detail: string, remedy: string): RequestError {
  return new RequestError('unknown-person', `Nobody knows who asks: ${header} ${detail}; ${remedy}`, {
    errors: [{ header, detail, remedy }],
  });
}
