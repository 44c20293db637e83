import { InfluxDB as InfluxDB2, Point } from '@influxdata/influxdb-client';
import { InfluxDB } from 'influx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../src/http/test-server.js';
import { ingestScene } from './ingest-scene.js';

let scene: Awaited<ReturnType<typeof ingestScene>>;
beforeAll(async () => {
  scene = await ingestScene({ limits: { unpackedBytes: 100_000, writeBytes: 50_000 } });
});
afterAll(() => scene.close());

const client1 = (password: string) =>
  new InfluxDB({ host: '127.0.0.1', port: scene.port, database: 'telegraf', username: 'any', password });
const lines = (precision: string) => `/write?db=telegraf&precision=${precision}`;

describe('the client of InfluxDB 1.x', () => {
  it('finds the server and writes points of every type', async () => {
    const influx = client1(scene.token);
    expect((await influx.ping(2_000)).map(({ online }) => online)).toEqual([true]);
    const timestamp = new Date(Date.now() - 5_000);
    await influx.writePoints([
      {
        measurement: 'http-requests',
        tags: { service: 'cart', zone: 'a b,c=d', host: 'web-1' },
        fields: { total: 1.5e3, value: 7, up: true, note: 'a "quoted", text = with\nall' },
        timestamp,
      },
    ]);
    const labels = { service: 'cart', zone: 'a b,c=d', host: 'web-1', instance: 'web-1' };
    const points = (value: number) => [[timestamp.getTime(), value]];
    expect(await scene.read('http_requests.total')).toEqual([
      { labels, type: 'gauge', points: points(1_500) },
    ]);
    expect(await scene.read('http_requests')).toMatchObject([{ points: points(7) }]);
    expect(await scene.read('http_requests.up')).toMatchObject([{ points: points(1) }]);
    expect(await scene.read('http_requests.note')).toEqual([]);
  });

  it('hears that its password is no token', async () => {
    await expect(client1('guessed').writePoints([{ measurement: 'm', fields: { a: 1 } }])).rejects.toThrow(
      /No valid token/,
    );
  });
});

it('the client of InfluxDB 2.x writes with its own scheme of tokens', async () => {
  const client = new InfluxDB2({ url: scene.url, token: scene.token });
  const write = client.getWriteApi('org', 'bucket', 'ms');
  const timeMs = Date.now() - 1_000;
  write.writePoint(new Point('orders').tag('service', 'pay').intField('total', 12).timestamp(timeMs));
  await write.close();
  expect(await scene.read('orders.total', { service: 'pay' })).toMatchObject([{ points: [[timeMs, 12]] }]);
});

describe('lines', () => {
  it('are taken one by one: what is broken, too old or in the future is left out with 400, all else is stored', async () => {
    const nowS = Math.floor(Date.now() / 1_000);
    const body = [
      `good,service=cart value=1i ${nowS}`,
      'no fields',
      `old value=1 ${nowS - 40 * 86_400}`,
      `early value=1 ${nowS + 86_400}`,
      `control,service=a\u0007b value=1 ${nowS}`,
      '# a comment',
      `fine value=2u`,
    ].join('\n');
    const answer = await scene.post(lines('s'), body);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: string };
    expect(error).toContain('partial write: 4 samples were not taken');
    for (const part of [
      'unable to parse "no fields"',
      'lies 40 days in the past',
      'lies 1 days in the future',
      'control character',
    ])
      expect(error).toContain(part);
    expect(answer.headers.get('x-influxdb-error')).toContain('partial write');
    expect(await scene.read('good')).toMatchObject([{ points: [[nowS * 1_000, 1]] }]);
    expect(await scene.read('fine')).toHaveLength(1);
  });

  it.each([
    ['ns', '000000'],
    ['n', '000000'],
    ['', '000000'],
    ['us', '000'],
    ['u', '000'],
    ['ms', ''],
  ])('have times in %j', async (precision, zeros) => {
    const timeMs = Date.now() - 60_000;
    const name = `t_${precision || 'none'}`;
    expect((await scene.post(lines(precision), `${name} value=1 ${timeMs}${zeros}`)).status).toBe(204);
    expect(await scene.read(name)).toMatchObject([{ points: [[timeMs, 1]] }]);
  });

  it('in the words of 2.x when asked there', async () => {
    const answer = await scene.post('/api/v2/write?precision=parsec', 'a value=1');
    expect(answer.status).toBe(400);
    const { code, message } = (await answer.json()) as { code: string; message: string };
    expect(code).toBe('invalid');
    expect(message).toContain('the precision is not known');
  });

  it('that are too many, packed or not, are refused whole with 413', async () => {
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(5_000_000, 'a value=1\n'));
    expect(bomb.length).toBeLessThan(50_000);
    expect((await scene.post(lines('s'), bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    for (const length of [60_000, 20_000_000])
      expect((await scene.post(lines('s'), Buffer.alloc(length, 'a'))).status).toBe(413);
    expect((await scene.post(lines('s'), 'no gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await scene.post(lines('s'), 'a', { 'content-encoding': 'zstd' })).status).toBe(415);
  });

  it('are for tokens that may push', async () => {
    const viewer = { authorization: `Token ${tokenOf('viewer')}` };
    expect((await scene.post(lines('s'), 'a value=1', viewer)).status).toBe(403);
    // Scoped to the service checkout of another project.
    const scoped = { authorization: `Token ${tokenOf('scoped')}` };
    expect((await scene.post(lines('s'), 'a,service=cart value=1', scoped)).status).toBe(403);
    const both = await scene.post(lines('s'), 'a,service=checkout value=1\na,service=cart value=1', scoped);
    expect(both.status).toBe(400);
    expect(await both.text()).toContain('1 samples were not taken');
  });
});
