import { describe, expect, it } from 'vitest';
import { testConnection, urlProblem } from './test-connection.js';

const answering = (answer: () => unknown) => ({
  deployments: () => Promise.resolve().then(answer) as Promise<{ items: []; truncated: boolean }>,
});
const failing = (error: unknown) =>
  answering(() => {
    throw error;
  });

describe('"Save & test"', () => {
  it.each([
    [undefined, 'missing'],
    ['  ', 'missing'],
    ['bellwether:8390', 'not an address'],
    ['ftp://bellwether', 'not an address'],
    ['http://u:p@bellwether:8390', 'must not hold'],
    ['http://bellwether:8390/api/v1', 'use http://bellwether:8390.'],
    ['http://bellwether:8390/', 'use http://bellwether:8390.'],
  ])('says what is wrong with the address %s', (url, text) => {
    expect(urlProblem(url)).toContain(text);
  });

  it('is content with a service that answers', async () => {
    const reader = answering(() => ({ items: [], truncated: false }));
    expect(await testConnection(reader, 'http://bellwether:8390')).toMatchObject({ status: 'success' });
  });

  it.each([
    [{ status: 502 }, 'cannot be reached'],
    [
      { status: 401, data: { title: 'A valid token is needed', detail: 'no token', errors: [] } },
      'bellwether token create',
    ],
    [{ status: 403, data: { message: 'denied' } }, 'Bellwether reader'],
  ])('says what to do about %j', async (error, text) => {
    const { status, message } = await testConnection(failing(error), 'http://bellwether:8390');
    expect(status).toBe('error');
    expect(message).toContain(text);
  });
});
