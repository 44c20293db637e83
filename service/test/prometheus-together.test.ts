import { afterEach, describe, expect, it } from 'vitest';
import { closeScenes, evaluate, fetchOf, matrix, one, say, scene } from './prometheus-scene.js';

afterEach(closeScenes);

describe('questions of one moment', () => {
  it('are one query where only the metric differs, and equal ones are asked once', async () => {
    const { source, asked } = await scene(
      say(
        200,
        matrix([
          { metric: { __name__: 'a_total', pod: 'x' }, values: [[1, '1']] },
          { metric: { __name__: 'b' }, values: [[2, '2']] },
        ]),
      ),
    );
    const [a, b, again] = await Promise.all([
      fetchOf(source, 'a_total'),
      fetchOf(source, 'b'),
      fetchOf(source, 'a_total'),
    ]);
    expect(a).toMatchObject([{ labels: { pod: 'x' }, type: 'counter' }]);
    expect(b).toMatchObject([{ labels: {}, type: 'gauge' }]);
    expect(again).toBe(a);
    expect(asked.map(({ form }) => form['query'])).toEqual(['{__name__=~"a_total|b",service="cart"}[3s]']);
  });

  it('are one query of several expressions, told apart again in the answer', async () => {
    const { source, asked } = await scene(
      say(
        200,
        matrix([
          { metric: { bellwether_part: '0', pod: 'x' }, values: [[1, '1']] },
          { metric: { bellwether_part: '1' }, values: [[1, '2']] },
        ]),
      ),
    );
    const [a, b] = await Promise.all([evaluate(source, 'a # note'), evaluate(source, 'b')]);
    expect(a).toMatchObject([{ labels: { pod: 'x' } }]);
    expect(b).toMatchObject([{ labels: {} }]);
    expect(asked.map(({ form }) => form['query'])).toEqual([
      'label_replace((a # note\n), "bellwether_part", "0", "", "") or label_replace((b\n), "bellwether_part", "1", "", "")',
    ]);
  });

  it('do not pay for the mistake of one among them, then or later', async () => {
    const { source, asked } = await scene((a, response) => {
      const isBad = a.form['query']?.includes('oops') === true;
      say(isBad ? 400 : 200, isBad ? '{"status":"error","error":"no"}' : matrix(one))(a, response);
    });
    const ask = () => Promise.allSettled([evaluate(source, 'oops'), evaluate(source, 'm')]);
    expect((await ask()).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(asked).toHaveLength(3);
    expect((await ask()).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(asked).toHaveLength(5);
  });
});

describe('a slow question', () => {
  it('keeps no answer from the others, then or later', async () => {
    const { source, asked } = await scene(
      (a, response) => {
        if (a.form['query']?.includes('slow') !== true) say(200, matrix(one))(a, response);
      },
      { timeoutMs: 300 },
    );
    const ask = async () =>
      (await Promise.allSettled(['slow', 'm', 'n'].map((query) => evaluate(source, query)))).map(
        ({ status }) => status,
      );
    expect(await ask()).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    // Three attempts together, and one for each alone.
    expect(asked).toHaveLength(6);
    asked.length = 0;
    expect(await ask()).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(asked.filter(({ form }) => form['query'] === 'slow')).toHaveLength(3);
    expect(asked).toHaveLength(4);
  });
});

describe('a list of series', () => {
  it('asks what exporters say one by one where that is too much of all, and says where it guesses', async () => {
    const series = [{ __name__: 'queue_total' }, { __name__: 'rpc_seconds_count' }, { __name__: 'odd_sum' }];
    const said: Readonly<Record<string, object>> = {
      queue_total: [{ type: 'gauge', help: '', unit: '' }],
      rpc_seconds: [{ type: 'summary', help: 'Long.', unit: '' }],
    };
    const { source, asked, notices } = await scene(
      (a, response) => {
        if (a.path.endsWith('/series')) {
          say(200, JSON.stringify({ status: 'success', data: series }))(a, response);
          return;
        }
        const name = new URL(a.path, 'http://x').searchParams.get('metric');
        if (name === null) {
          say(200, 'x'.repeat(5_000))(a, response);
          return;
        }
        if (name.startsWith('odd')) {
          say(404, '')(a, response);
          return;
        }
        const data = name in said ? { [name]: said[name] } : {};
        say(200, JSON.stringify({ status: 'success', data }))(a, response);
      },
      { maxBytes: 2_000 },
    );
    const listed = await source.listSeries?.({
      project: 'p',
      matchers: { job: 'a' },
      fromMs: 0,
      toMs: 9_000,
    });
    expect(listed?.map(({ metric, type, help }) => [metric, type, help])).toEqual([
      ['odd_sum', 'counter', undefined],
      ['queue_total', 'gauge', undefined],
      ['rpc_seconds_count', 'counter', 'Long.'],
    ]);
    expect(asked).toHaveLength(2 + 6);
    expect(notices).toEqual([expect.stringMatching(/types of 1 metrics are guessed from their names/)]);
  });

  it('says what the exporters say of them, and is whole without', async () => {
    const series = [
      { __name__: 'up', job: 'a' },
      { __name__: 'http_seconds_bucket', le: '1' },
      { __name__: 'rpc_seconds', quantile: '0.9' },
      { __name__: 'jobs_total' },
    ];
    const metadata = {
      up: [{ type: 'gauge', help: '', unit: '' }],
      http_seconds: [{ type: 'histogram', help: 'How long it took.', unit: 'seconds' }],
      rpc_seconds: [{ type: 'summary', help: '', unit: '' }],
      jobs: [{ type: 'counter', help: 'Jobs done.', unit: '' }],
    };
    let knows = true;
    const { source, asked } = await scene((a, response) => {
      const data = a.path.endsWith('/series') ? series : metadata;
      const status = a.path.endsWith('/metadata') && !knows ? 404 : 200;
      say(status, JSON.stringify({ status: 'success', data }))(a, response);
    });
    const list = () =>
      source.listSeries?.({ project: 'p', matchers: { job: 'a', pod: '' }, fromMs: 1_000, toMs: 3_000 });
    expect(await list()).toEqual([
      {
        metric: 'http_seconds_bucket',
        labels: { le: '1' },
        type: 'counter',
        unit: 'seconds',
        help: 'How long it took.',
      },
      { metric: 'jobs_total', labels: {}, type: 'counter', help: 'Jobs done.' },
      { metric: 'rpc_seconds', labels: { quantile: '0.9' }, type: 'gauge' },
      { metric: 'up', labels: { job: 'a' }, type: 'gauge' },
    ]);
    expect(asked[0]?.form).toMatchObject({ 'match[]': '{job="a",pod=""}', start: '1', end: '2.999' });
    knows = false;
    expect((await list())?.map(({ metric, type }) => [metric, type])).toEqual([
      ['http_seconds_bucket', 'counter'],
      ['jobs_total', 'counter'],
      ['rpc_seconds', 'gauge'],
      ['up', 'gauge'],
    ]);
  });
});
