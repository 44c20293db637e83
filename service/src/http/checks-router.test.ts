import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, type Problem } from '../api/problem.js';
import { startTestServer, type SendOptions, type TestServer } from './test-server.js';

const path = '/api/v1/deployments/d-1';
const xml = { 'content-type': 'application/xml' };
const green = '<testsuite name="s"><testcase name="a"/><testcase name="b"/></testsuite>';
const red = '<testsuite name="s"><testcase name="a"><failure/></testcase></testsuite>';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const body = { id: 'd-1', service: 'checkout', environment: 'production', version: '2' };
  await server.send('POST', '/api/v1/deployments', { body });
});
afterAll(() => server.close());

const post = (to: string, options: SendOptions) => server.send('POST', `${path}/${to}`, options);
const json = async (response: Response) => (await response.json()) as Record<string, unknown>;
async function problemOf(
  response: Response,
): Promise<Problem & { readonly first: Problem['errors'][number] }> {
  const found = problem.parse(await response.json());
  return { ...found, first: found.errors[0] ?? { detail: 'no error is named' } };
}

describe('a JUnit report', () => {
  it('is counted and called what the query says', async () => {
    const link = 'https://ci.example.com/run/17';
    const query = `checks?name=unit%20tests&link=${encodeURIComponent(link)}`;
    const passed = await post(query, { body: green, headers: xml });
    expect(passed.status).toBe(201);
    expect(await json(passed)).toMatchObject({
      ...{ name: 'unit tests', kind: 'junit', state: 'passed', link },
      tests: { tests: 2, failures: 0, errors: 0, skipped: 0, failing: [] },
    });
    const failed = await post('checks?name=unit', { body: red, headers: { 'content-type': 'text/xml' } });
    expect(await json(failed)).toMatchObject({ state: 'failed', tests: { failing: ['s › a'] } });
  });

  it.each([
    ['without a name', 'checks', green, 400, { parameter: 'name' }],
    ['with an unknown parameter', 'checks?name=a&stepp=b', green, 400, { parameter: 'stepp' }],
    ['that is no XML', 'checks?name=a', 'tests passed', 400, { pointer: '' }],
    ['with entities', 'checks?name=a', `<!DOCTYPE x [<!ENTITY a "b">]>${green}`, 400, { pointer: '' }],
    ['that is too big', 'checks?name=a', green + ' '.repeat(1_048_576), 413, { pointer: '' }],
  ])('%s is refused, saying where and what to do', async (_what, to, body, status, where) => {
    const response = await post(to, { body, headers: xml });
    expect(response.status).toBe(status);
    const { first } = await problemOf(response);
    expect(first).toMatchObject(where);
    expect(first.remedy).toBeTruthy();
  });

  it('under an idempotency key is taken once, and another body under it is refused', async () => {
    const headers = { ...xml, 'idempotency-key': 'k-1' };
    const first = await post('checks?name=once', { body: green, headers });
    const again = await post('checks?name=once', { body: green, headers });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(await first.text());
    expect((await post('checks?name=once', { body: red, headers })).status).toBe(409);
  });
});

describe('bad input beside the metrics', () => {
  const check = { name: 'smoke', kind: 'smoke-test', state: 'passed' };
  it.each([
    ['checks', { ...check, kind: 'smoketest' }, '/kind'],
    ['checks', { ...check, state: 'green' }, '/state'],
    ['checks', { ...check, name: '' }, '/name'],
    ['checks', { ...check, name: 'x'.repeat(101) }, '/name'],
    ['checks', { ...check, sumary: 's' }, '/sumary'],
    ['checks', { ...check, summary: 'x'.repeat(1_001) }, '/summary'],
    ['checks', { ...check, link: 'javascript:alert(1)' }, '/link'],
    ['checks', { ...check, expiresAt: 'tomorrow' }, '/expiresAt'],
    ['checks', { ...check, by: { name: 'a', rank: 'b' } }, '/by/rank'],
    ['checks', 'passed', ''],
    ['hold', {}, '/reason'],
    ['hold', { reason: 'r', until: 5 }, '/until'],
    ['hold', { reason: 'r', stopRollback: true }, '/stopRollback'],
    ['proceed', { reason: '' }, '/reason'],
    ['acknowledge', { release: 'yes' }, '/release'],
    ['notes', { text: 'x'.repeat(4_001) }, '/text'],
    ['notes', { text: 't', kind: 'lessons' }, '/kind'],
    ['notes', { text: 'a\u0000b' }, '/text'],
    ['incidents', { url: 'file:///etc/passwd', title: 't' }, '/url'],
    ['incidents', { url: 'https://user:secret@example.com', title: 't' }, '/url'],
    ['incidents', { url: 'https://example.com' }, '/title'],
  ])('POST %s #%$: the answer names the field and the remedy', async (to, body, pointer) => {
    const sent = typeof body === 'string' ? JSON.stringify(body) : body;
    const response = await post(to, { body: sent, headers: { 'content-type': 'application/json' } });
    expect(response.status).toBe(400);
    const { first } = await problemOf(response);
    expect([first.pointer, first.remedy?.length]).toEqual([pointer, expect.any(Number)]);
  });

  it('refuses a body of another type and a stale revision', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await post('checks', { body: 'ok', headers })).status).toBe(415);
    expect((await post('hold', { body: { reason: 'r' }, headers: { 'if-match': '"99"' } })).status).toBe(412);
  });

  it('refuses roles that may not, with the role that may', async () => {
    for (const [to, body] of [
      ['hold', { reason: 'r' }],
      ['acknowledge', {}],
    ] as const) {
      const response = await post(to, { body, role: 'pipeline' });
      expect(await problemOf(response)).toMatchObject({
        status: 403,
        first: { remedy: expect.stringContaining('operator') as unknown },
      });
    }
    expect((await post('notes', { body: { text: 't' }, role: 'viewer' })).status).toBe(403);
  });
});

describe('the live stream', () => {
  it('tells of checks and notes between verdicts, under the id of the verdict before them', async () => {
    const leaving = new AbortController();
    const stream = await server.send('GET', `${path}/events`, { signal: leaving.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) {
        const chunk = await reader?.read();
        if (chunk?.done !== false) throw new Error(`the stream ended without ${wanted}`);
        text += chunk.value;
      }
    };
    await until('event:verdict');
    server.fake.decide('d-1', 'continue');
    await until('"verdict":"continue"');
    await post('notes', { body: { text: 'looks good' } });
    await until('looks good');
    leaving.abort();
    const activity = text.split('\n\n').find((event) => event.includes('event:activity')) ?? '';
    expect(activity).toContain('"type":"note.added"');
    expect(activity).toMatch(/id:1$/m);
  });
});
