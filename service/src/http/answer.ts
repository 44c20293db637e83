import type { Response } from 'express';
import { entityTag } from './entity-tag.js';

/** What a handler answers; `body` is JSON text, so that a replay is the same to the byte. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An answer with a body to be written as JSON. */
export function answer(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body) };
}

/** Sends it; `Location` and `ETag` come from the body's own `urls.self` and `revision`, so that a replay carries them too. */
export function sendAnswer(response: Response, { status, body }: Answer): void {
  const resource = JSON.parse(body) as {
    readonly urls?: { readonly self?: string };
    readonly revision?: number;
  };
  if (status === 201 && resource.urls?.self !== undefined) response.location(resource.urls.self);
  if (resource.urls !== undefined && resource.revision !== undefined)
    response.set('etag', entityTag(resource.revision));
  response.status(status).type('application/json').send(body);
}
