import { expect, it } from 'vitest';
import { StoreError } from '../port.js';
import { databaseError } from './database-error.js';

const failure = (message: string, over: object = {}) =>
  Object.assign(new Error(message), { retryable: true, ...over });

it('keeps when the database wants to be asked again', () => {
  expect(databaseError(failure('busy', { retryAfterSeconds: 17 }))).toMatchObject({
    code: 'unavailable',
    retryable: true,
    retryAfterSeconds: 17,
  });
  expect(databaseError(failure('busy'))).toMatchObject({ code: 'unavailable', retryAfterSeconds: undefined });
});

it('tells what cannot be stored from what cannot be stored now', () => {
  const partial = failure('answered 400: partial write: max-values-per-tag limit exceeded dropped=3', {
    retryable: false,
  });
  expect(databaseError(partial)).toMatchObject({ code: 'refused', retryable: false });
});

it('leaves alone what is its own, and what is a bug', () => {
  const own = new StoreError('conflict', 'x', false);
  const bug = new TypeError('y');
  expect(databaseError(own)).toBe(own);
  expect(databaseError(bug)).toBe(bug);
});
