import { afterEach, describe, expect, it } from 'vitest';
import { createFetchScene, fetchErrorOf } from './fakes/fetch-scene.js';
import { status } from './fakes/receiver.js';
import type { Resolver } from './guarded-connect.js';
import { createUrlGuard } from './url-guard.js';

const scene = createFetchScene();
afterEach(scene.close);

const loopback = ['127.0.0.0/8'];

describe('an ordinary exchange', () => {
  it('sends method, headers and body, and gives status, headers and body', async () => {
    const there = await scene.receiver();
    there.answerWith(status(201, { 'x-kind': 'A' }, 'grüße'));
    const response = await scene.client(loopback)(`${there.url}?q=1`, {
      method: 'POST',
      headers: { 'x-mine': '1' },
      body: '{"ü":1}',
    });
    expect(response).toMatchObject({ status: 201, body: 'grüße', truncated: false });
    expect(response.header('x-kind')).toBe('A');
    expect(response.header('absent')).toBeUndefined();
    expect(there.requests).toMatchObject([
      {
        method: 'POST',
        path: '/hook?q=1',
        body: '{"ü":1}',
        headers: { 'x-mine': '1', host: `127.0.0.1:${there.port}` },
      },
    ]);
  });

  it('keeps the name in the host header when it connects to the address behind it', async () => {
    const there = await scene.receiver();
    const resolve: Resolver = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    await scene.client([`shop.example:${there.port}`], { resolve })(`http://shop.example:${there.port}/`);
    expect(there.requests[0]?.headers.host).toBe(`shop.example:${there.port}`);
  });
});

describe('the guard at connect time', () => {
  it('refuses without a connection, by URL and by resolved address', async () => {
    const there = await scene.receiver();
    const byText = await fetchErrorOf(scene.client([])(`https://127.0.0.1:${there.port}/`));
    expect(byText).toMatchObject({ code: 'refused', retryable: false });
    expect(byText.message).toMatch(
      /^refused \(loopback\): 127\.0\.0\.1 is a loopback address; use a public address, or add/,
    );
    const resolve: Resolver = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const byName = await fetchErrorOf(scene.client([], { resolve })(`https://rebind.example:${there.port}/`));
    expect(byName.message).toMatch(/rebind\.example resolves to 127\.0\.0\.1/);
    expect(there.requests).toHaveLength(0);
  });

  it('is not fooled by a name that changes its answer: each connection resolves once and uses what was judged', async () => {
    const there = await scene.receiver();
    const port = there.port;
    let calls = 0;
    // First an allowed loopback address, then one that nobody allowed.
    const resolve: Resolver = () =>
      Promise.resolve([{ address: (calls += 1) === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
    const guard = createUrlGuard({ allow: [`127.0.0.1:${port}`] });
    const judged: string[] = [];
    const watching = {
      checkAddress: (target: { host: string; port: number; address: string }) => {
        judged.push(target.address);
        return guard.checkAddress(target);
      },
      // The text check lets the name pass over plain http here, so that only the address check stands in the way.
      checkUrl: (text: string) => ({ kind: 'allowed' as const, url: new URL(text) }),
    };
    const call = scene.clientOf(watching, { resolve });
    const url = `http://rebind.example:${port}/`;
    expect((await call(url)).status).toBe(200);
    expect(await fetchErrorOf(call(url))).toMatchObject({ code: 'refused' });
    expect(judged).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(calls).toBe(2);
    expect(there.requests).toHaveLength(1);
  });

  it('refuses a mixed answer', async () => {
    const resolve: Resolver = () =>
      Promise.resolve([
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]);
    expect((await fetchErrorOf(scene.client([], { resolve })('https://mixed.example/'))).message).toMatch(
      /^refused \(private\)/,
    );
  });

  it('never follows a redirect to a private address', async () => {
    const [front, secret] = [await scene.receiver(), await scene.receiver()];
    for (const code of [301, 302, 303, 307, 308]) {
      front.answerWith(status(code, { location: secret.url }));
      expect((await scene.client([`127.0.0.1:${front.port}`])(front.url)).status).toBe(code);
    }
    expect(secret.requests).toHaveLength(0);
  });
});
