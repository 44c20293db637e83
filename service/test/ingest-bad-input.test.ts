import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestScene } from './ingest-scene.js';
import { HEADERS_2, packed, request2 } from './remote-write-messages.js';

const V1 = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
const LIMIT = 500;

let scene: Awaited<ReturnType<typeof ingestScene>>;
beforeAll(async () => {
  scene = await ingestScene({ maxSeriesPerToken: LIMIT });
});
afterAll(() => scene.close());

const write2 = (message: Uint8Array) => scene.post('/api/v1/write', packed(message), HEADERS_2);

describe('remote-write 2.0', () => {
  it('brings samples with the type and unit that they come with, and says how many were written', async () => {
    const timeMs = Date.now();
    const labels = { __name__: 'odd_name', job: 'cart', version: '3' };
    const histogram = {
      ...{ countInt: 8, sum: 9.5, schema: 0, zeroCountInt: 1, zeroThreshold: 0.001, timestamp: timeMs },
      ...{ positiveSpans: [{ offset: 1, length: 2 }], positiveDeltas: [4, -1] },
    };
    const custom = {
      ...{ countInt: 5, sum: 2, schema: -53, timestamp: timeMs, customValues: [0.5, 1] },
      ...{ positiveSpans: [{ offset: 0, length: 3 }], positiveDeltas: [2, 0, -1] },
    };
    const answer = await write2(
      request2([
        { labels, samples: [[timeMs, 4]], type: 1, unit: 'requests' },
        { labels: { __name__: 'native', job: 'cart' }, histograms: [histogram], type: 3 },
        { labels: { __name__: 'own', job: 'cart' }, histograms: [custom], type: 3 },
      ]),
    );
    expect(answer.status).toBe(204);
    const written = (kind: string) => answer.headers.get(`x-prometheus-remote-write-${kind}-written`);
    expect([written('samples'), written('histograms'), written('exemplars')]).toEqual(['1', '2', '0']);
    expect(await scene.read('odd_name')).toEqual([
      { labels: { job: 'cart', version: '3', service: 'cart' }, type: 'counter', points: [[timeMs, 4]] },
    ]);
    const buckets = async (metric: string) =>
      Object.fromEntries(
        (await scene.read(`${metric}_bucket`)).map(({ labels: { le = '' }, points }) => [le, points[0]?.[1]]),
      );
    expect(await buckets('native')).toEqual({ '-0.001': 0, '0.001': 1, '1': 1, '2': 5, '4': 8, '+Inf': 8 });
    expect(await buckets('own')).toEqual({ '0.5': 2, '1': 4, '+Inf': 5 });
  });

  it('without its version is not taken for 1.0', async () => {
    const answer = await scene.post('/api/v1/write', packed(request2([])), {
      ...HEADERS_2,
      'content-type': 'application/x-protobuf;proto=io.prometheus.write.v9.Request',
    });
    expect(answer.status).toBe(415);
    expect(await answer.text()).toContain('protobuf_message');
  });
});

describe('broken bodies', () => {
  /** A snappy block that claims to unpack to 4 GiB, and one that repeats a byte 10⁸ times. */
  const claims = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f, 0]);
  const repeats = Uint8Array.from([
    0x80,
    0xc2,
    0xd7,
    0x2f,
    0,
    97,
    ...Array.from({ length: 3_000 }, () => [0xfe, 1, 0]).flat(),
  ]);

  it.each([
    ['a bomb by its length', claims, 413],
    ['a bomb by repetition', repeats, 413],
    ['no snappy', new TextEncoder().encode('{"a":1}'), 400],
    ['nothing', new Uint8Array(), 400],
    ['a series that is longer than the body', packed(new Uint8Array([10, 200, 1, 1])), 400],
    [
      'a message cut off',
      packed(request2([{ labels: { __name__: 'a' }, samples: [[1, 1]] }]).slice(0, -3)),
      400,
    ],
  ])('%s', async (name, body, status) => {
    const headers = name.startsWith('a message') ? HEADERS_2 : V1;
    const answer = await scene.post('/api/v1/write', body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(/^[^\n]+\n$/);
  });

  it('that refer to texts which are not there', async () => {
    // A table of one text, and a series that refers to the seventh.
    const answer = await write2(new Uint8Array([0x22, 0, 0x2a, 6, 0x0a, 2, 7, 7, 0x12, 0]));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('refers to text 7 of 1');
  });

  it('are counted, and told to the log once', async () => {
    expect(
      await scene.counted(
        'bellwether_ingest_refused_requests_total',
        'dialect="remote-write",reason="malformed"',
      ),
    ).toBeGreaterThanOrEqual(4);
    const notices = scene.logged.filter(({ level, reason }) => level === 40 && reason === 'malformed');
    expect(notices).toHaveLength(1);
  });
});

describe('too many label sets', () => {
  it('beyond the limit of the token are left out; series that are known still pass', async () => {
    const timeMs = Date.now();
    const known = { labels: { __name__: 'known', job: 'cart' }, samples: [[timeMs, 1]] as const };
    expect((await write2(request2([known]))).status).toBe(204);
    const flood = Array.from({ length: 20_000 }, (_, id) => ({
      labels: { __name__: 'flood', id: String(id) },
      samples: [[timeMs, 1]] as const,
    }));
    const answer = await write2(
      request2([
        ...flood.slice(0, 10_000),
        { ...known, samples: [[timeMs + 1, 2]] as const },
        ...flood.slice(10_000),
      ]),
    );
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('limits.maxSeriesPerToken');
    expect((await scene.read('flood')).length).toBeLessThan(LIMIT);
    expect(await scene.read('known')).toMatchObject([
      {
        points: [
          [timeMs, 1],
          [timeMs + 1, 2],
        ],
      },
    ]);
    expect(
      await scene.counted(
        'bellwether_ingest_refused_samples_total',
        'dialect="remote-write",reason="token-series-limit"',
      ),
    ).toBeGreaterThan(19_000);
  }, 60_000);
});

describe('OTLP', () => {
  const nanoseconds = (timeMs: number) => `${timeMs}000000`;
  const sum = (name: string, temporality: number, timeMs: number, value: number) => ({
    name,
    sum: {
      isMonotonic: true,
      aggregationTemporality: temporality,
      dataPoints: [
        {
          startTimeUnixNano: nanoseconds(timeMs - 1_000),
          timeUnixNano: nanoseconds(timeMs),
          asInt: String(value),
        },
      ],
    },
  });
  const post = async (...metrics: readonly object[]) => {
    const body = { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] };
    const fresh = await ingestScene();
    const send = () =>
      fresh.post('/v1/metrics', JSON.stringify(body), { 'content-type': 'application/json' });
    return { fresh, send };
  };
  const timeMs = Date.now() - 10_000;

  it('of mixed temporality keeps the first one, and says so as a partial success', async () => {
    const { fresh, send } = await post(
      sum('a', 1, timeMs, 5),
      sum('a', 2, timeMs + 1_000, 9),
      sum('b', 0, timeMs, 1),
    );
    const answer = await send();
    expect(answer.status).toBe(200);
    const { partialSuccess } = (await answer.json()) as {
      partialSuccess: { rejectedDataPoints: number; errorMessage: string };
    };
    expect(partialSuccess.rejectedDataPoints).toBe(2);
    expect(partialSuccess.errorMessage).toMatch(/a was delta and is now cumulative.*b has no temporality/);
    expect(await fresh.read('a')).toMatchObject([
      {
        points: [
          [timeMs - 999, 0],
          [timeMs, 5],
        ],
      },
    ]);
    await fresh.close();
  });

  it('sent again after it was stored counts once', async () => {
    const { fresh, send } = await post(sum('a', 1, timeMs, 5), sum('a', 1, timeMs + 1_000, 2));
    expect((await send()).status).toBe(200);
    expect(await (await send()).json()).toEqual({});
    expect(await fresh.read('a')).toMatchObject([
      {
        points: [
          [timeMs - 999, 0],
          [timeMs, 5],
          [timeMs + 1_000, 7],
        ],
      },
    ]);
    await fresh.close();
  });

  it('with buckets that do not fit is left out', async () => {
    const point = {
      timeUnixNano: nanoseconds(timeMs),
      count: '3',
      bucketCounts: ['1', '1'],
      explicitBounds: [1],
    };
    const { fresh, send } = await post({
      name: 'h',
      histogram: { aggregationTemporality: 2, dataPoints: [point] },
    });
    expect(await (await send()).json()).toMatchObject({ partialSuccess: { rejectedDataPoints: 1 } });
    await fresh.close();
  });
});
