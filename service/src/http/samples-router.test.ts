import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../api/problem.js';
import { AppError } from '../app/use-cases.js';
import { StoreError } from '../store/port.js';
import { defaultLimits } from './limits.js';
import { NOW_MS, startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

const series = {
  metric: 'p95_seconds',
  labels: { service: 'checkout' },
  type: 'gauge',
  samples: [[NOW_MS, 0.2]],
};
const ndjson = { 'content-type': 'application/x-ndjson' };

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

async function push(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return server.send('POST', '/api/v1/samples', { role: 'pipeline', body, headers });
}

async function refusal(response: Response): Promise<Problem> {
  expect(server.fake.pushed).toEqual([]);
  return (await response.json()) as Problem;
}

describe('POST /api/v1/samples', () => {
  it('stores JSON, points ascending and the last of each millisecond', async () => {
    const samples = [
      [NOW_MS, 3],
      [NOW_MS - 2_000, 1],
      [NOW_MS - 1_000, 2],
      [NOW_MS, 4],
    ];
    const response = await push({ series: [{ ...series, unit: 's', samples }] });
    expect([response.status, await response.json()]).toEqual([202, { stored: 3, replaced: 0 }]);
    expect(server.fake.pushed).toEqual([
      {
        project: 'default',
        metric: 'p95_seconds',
        labels: { service: 'checkout' },
        type: 'gauge',
        unit: 's',
        timesMs: [NOW_MS - 2_000, NOW_MS - 1_000, NOW_MS],
        values: [1, 2, 4],
      },
    ]);
  });

  it('stores NDJSON, plain and compressed, blank lines and CRLF allowed', async () => {
    const lines = `${JSON.stringify(series)}\r\n\n${JSON.stringify({ ...series, metric: 'other', project: 'shop' })}\n`;
    expect((await push(lines, ndjson)).status).toBe(202);
    expect((await push(gzipSync(lines), { ...ndjson, 'content-encoding': 'gzip' })).status).toBe(202);
    expect(server.fake.pushed.map(({ metric, project }) => `${project}/${metric}`)).toEqual([
      'default/p95_seconds',
      'shop/other',
      'default/p95_seconds',
      'shop/other',
    ]);
  });

  it.each([
    [{ sample: [] }, '/series/0/sample', 'unknown field "sample"', 'did you mean "samples"?'],
    [{ type: 'histogram' }, '/series/0/type', 'is not one of the known values', 'use one of gauge, counter'],
    [{ metric: 'p95 s' }, '/series/0/metric', 'is not a metric name', /letters/],
    [{ metric: 'm'.repeat(201) }, '/series/0/metric', 'must have at most 200 characters', /at most 200/],
    [
      { labels: { service: 'a\nb' } },
      '/series/0/labels/service',
      'contains a control character',
      'remove it',
    ],
    [{ labels: { 'a-b': 'x' } }, '/series/0/labels/a-b', 'is not a label name', /use letters/],
    [{ samples: [] }, '/series/0/samples', /at least 1/, /at least 1/],
    [
      { samples: [[NOW_MS / 1_000, 1]] },
      '/series/0/samples/0/0',
      'lies before the year 2000',
      /milliseconds since 1970, not seconds/,
    ],
    [
      { samples: [[NOW_MS + 0.5, 1]] },
      '/series/0/samples/0/0',
      'is not a whole number of milliseconds',
      'round it',
    ],
    [
      {
        samples: [
          [NOW_MS, 1],
          [NOW_MS + 600_001, 1],
        ],
      },
      '/series/0/samples/1/0',
      /lies 600 s in the future/,
      /check the clock/,
    ],
    [
      { samples: [[NOW_MS, '1']] },
      '/series/0/samples/0/1',
      'must be a number, not a string',
      'give a number',
    ],
    [{ samples: [[NOW_MS, null]] }, '/series/0/samples/0/1', 'must be a number, not null', 'give a number'],
    [{ samples: [[NOW_MS]] }, '/series/0/samples/0', /2/, /2/],
  ])('refuses %j and stores nothing', async (change, pointer, detail, remedy) => {
    const response = await push({
      series: [
        { ...series, ...change },
        { ...series, metric: 'good' },
      ],
    });
    expect(response.status).toBe(400);
    const text = (wanted: string | RegExp): unknown =>
      typeof wanted === 'string' ? wanted : expect.stringMatching(wanted);
    expect((await refusal(response)).errors[0]).toEqual({
      pointer,
      detail: text(detail),
      remedy: text(remedy),
    });
  });

  it('refuses a number that only reads as Infinity', async () => {
    const body = JSON.stringify({ series: [series] }).replace('0.2', '1e999');
    const problem = await refusal(await push(body));
    expect(problem.errors).toEqual([
      {
        pointer: '/series/0/samples/0/1',
        detail: 'is not finite',
        remedy: 'leave the sample out when there is no value',
      },
    ]);
  });

  it('refuses a series that comes twice, whatever the order of its labels', async () => {
    const one = { ...series, labels: { a: '1', b: '2' } };
    const same = { ...series, labels: { b: '2', a: '1' } };
    const problem = await refusal(await push({ series: [one, same] }));
    expect(problem.errors).toEqual([
      {
        pointer: '/series/1',
        detail: 'is the same series as /series/0',
        remedy: 'send each series once, with all its samples',
      },
    ]);
  });

  it('names line and field of bad NDJSON', async () => {
    const lines = [
      series,
      { ...series, metric: 'b', typ: 'gauge' },
      { ...series, metric: 'c', samples: [[1, 1]] },
    ];
    const problem = await refusal(await push(lines.map((line) => JSON.stringify(line)).join('\n'), ndjson));
    expect(problem.errors).toEqual([
      { line: 2, pointer: '/typ', detail: 'unknown field "typ"', remedy: 'did you mean "type"?' },
      {
        line: 3,
        pointer: '/samples/0/0',
        detail: 'lies before the year 2000',
        remedy: expect.stringContaining('not seconds') as string,
      },
    ]);
    expect(problem.detail).toMatch(/^line 2: /);
    const broken = await refusal(await push(`${JSON.stringify(series)}\n{"metric": nope}`, ndjson));
    expect(broken.errors[0]).toMatchObject({
      line: 2,
      detail: 'the JSON has an unexpected character at position 11 (line 2, column 12)',
    });
    const empty = await refusal(await push('\n\n', ndjson));
    expect(empty.detail).toContain('holds no series');
  });

  it('refuses a body over the limit, also one that only unpacks to it', async () => {
    await server.close();
    server = await startTestServer({ limits: { ...defaultLimits, sampleBytes: 10_000 } });
    const big = 'x'.repeat(20_000);
    expect((await push(big, ndjson)).status).toBe(413);
    const bomb = await push(gzipSync('0'.repeat(5_000_000)), { ...ndjson, 'content-encoding': 'gzip' });
    expect([bomb.status, (await refusal(bomb)).detail]).toEqual([
      413,
      'The body is bigger than 10000 bytes; send less at a time.',
    ]);
    expect((await push('a,b', { 'content-type': 'text/csv' })).status).toBe(415);
  });

  it('refuses more samples than it can decode without holding others up, and stores none of them', async () => {
    await server.close();
    server = await startTestServer({ limits: { ...defaultLimits, samplesPerPush: 3 } });
    const two = { ...series, samples: series.samples.slice(0, 1).concat(series.samples.slice(0, 1)) };
    const many = await push({ series: [two, { ...two, metric: 'another' }] });
    expect(many.status).toBe(413);
    expect((await refusal(many)).errors).toEqual([
      { pointer: '/series', detail: 'the limit is 3 samples', remedy: 'split the request' },
    ]);
    expect(server.fake.pushed).toEqual([]);
  });

  it('answers 429 and 503 with retry-after, and 507 without details of the server', async () => {
    server.fake.failWith(new AppError('too-many', 'the sample store is saturated', { retryAfterSeconds: 3 }));
    const saturated = await push({ series: [series] });
    expect([saturated.status, saturated.headers.get('retry-after')]).toEqual([429, '3']);
    server.fake.failWith(new StoreError('unavailable', 'locked: /var/lib/secret.db', true));
    const away = await push({ series: [series] });
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
    server.fake.failWith(new StoreError('disk-full', 'no space: /var/lib/secret.db', false));
    const full = await push({ series: [series] });
    expect([full.status, await full.text()]).toEqual([507, expect.not.stringContaining('secret')]);
    expect(server.logged.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  it('refuses pushes beyond what it can hold at the same time', async () => {
    await server.close();
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const limits = { ...defaultLimits, concurrentPushes: 1 };
    server = await startTestServer({ limits, loadIdempotent: () => gate.then(() => undefined) });
    const slow = push({ series: [series] }, { 'idempotency-key': 'slow' });
    await expect.poll(async () => (await push({ series: [series] })).status).toBe(429);
    open();
    expect((await slow).status).toBe(202);
    await expect.poll(async () => (await push({ series: [series] })).status).toBe(202);
  });
});
