import { describe, expect, it } from 'vitest';
import { AppError } from '../app/use-cases.js';
import { StoreError } from '../store/port.js';
import { answerTo } from './errors.js';

describe('answerTo', () => {
  it.each([
    ['invalid', 400, undefined],
    ['not-found', 404, undefined],
    ['forbidden', 403, undefined],
    ['conflict', 409, undefined],
    ['stale', 412, undefined],
    ['too-many', 429, '1'],
    ['unavailable', 503, '1'],
  ] as const)('maps the refusal %s to %i', (code, status, retryAfter) => {
    const answer = answerTo(new AppError(code, 'why', { field: '/a', remedy: 'do b' }));
    expect(answer.problem).toMatchObject({
      status,
      detail: 'why',
      errors: [{ pointer: '/a', detail: 'why', remedy: 'do b' }],
    });
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer.logLevel === 'error').toBe(false);
  });

  it.each([
    ['conflict', 409, undefined],
    ['invalid-cursor', 400, undefined],
    ['disk-full', 507, 'error'],
    ['unavailable', 503, 'warn'],
    ['newer-version', 500, 'error'],
    ['corrupt', 500, 'error'],
  ] as const)('maps the store error %s to %i', (code, status, logLevel) => {
    const answer = answerTo(new StoreError(code, 'file /var/db', false));
    expect([answer.problem.status, answer.logLevel]).toEqual([status, logLevel]);
    expect(answer.problem.detail.includes('/var/db')).toBe(logLevel === undefined);
  });

  it('tells nothing of a bug', () => {
    for (const thrown of [new TypeError('x is undefined'), 'text', undefined, { type: 'entity.too.large' }]) {
      const { problem, logLevel } = answerTo(thrown);
      expect([problem.status, logLevel, problem.errors]).toEqual([500, 'error', []]);
      expect(problem.detail).not.toContain('undefined');
    }
  });
});
