import { describe, expect, it } from 'vitest';
import { ServiceError, troubleOf } from './service-trouble.js';

const problem = (status: number, detail: string, remedy?: string) => ({
  status,
  data: { type: 't', title: 'T', status, detail, errors: remedy === undefined ? [] : [{ detail, remedy }] },
});

describe('what went wrong', () => {
  it.each([
    [{ status: 502, data: '' }, 'unreachable'],
    [{ status: 0 }, 'unreachable'],
    [new TypeError('Failed to fetch'), 'unreachable'],
    [problem(401, 'no token'), 'not-signed-in'],
    [{ status: 403, data: { message: 'plugin proxy route access denied' } }, 'forbidden'],
    [problem(403, 'the role viewer may not rollback'), 'forbidden'],
    [problem(404, 'there is no deployment "x"'), 'not-found'],
    [problem(409, 'already'), 'conflict'],
    [{ status: 418 }, 'failed'],
  ])('%j is %s', (error, kind) => {
    expect(troubleOf(error)).toMatchObject({ kind });
  });

  it("tells Grafana's refusal from the service's", () => {
    const grafana = troubleOf({ status: 403, data: { message: 'plugin proxy route access denied' } });
    const service = troubleOf(problem(403, 'the role viewer may not rollback', 'use another token'));
    expect(grafana.remedy).toContain('Bellwether operator');
    expect(service.detail).toContain('the role viewer may not rollback');
    expect(service.remedy).toBe('use another token.');
  });

  it('keeps what is already known', () => {
    const trouble = troubleOf(problem(409, 'already'));
    expect(troubleOf(new ServiceError(trouble))).toBe(trouble);
  });

  it('always has words for people', () => {
    for (const error of [undefined, null, 'x', {}, { status: 500, data: { message: 'boom' } }]) {
      const { title, remedy } = troubleOf(error);
      expect(title).not.toBe('');
      expect(remedy).not.toBe('');
    }
  });
});
