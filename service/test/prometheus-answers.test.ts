import { afterEach, describe, expect, it } from 'vitest';
import { SourceError } from '../src/sources/port.js';
import { closeScenes, evaluate, matrix, one, say, scene, type Answer } from './prometheus-scene.js';

afterEach(closeScenes);

const failure = async (call: Promise<unknown>): Promise<SourceError> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
};

describe('a Prometheus source', () => {
  it('sends its headers, and stamps values with the start of the interval that they end', async () => {
    const { source, asked } = await scene(say(200, matrix(one)));
    const [series] = await evaluate(source, 'm{v=~"{{version}}"}');
    expect(series).toEqual({
      labels: { pod: 'a' },
      type: 'gauge',
      timesMs: Float64Array.of(0, 2_000),
      values: Float64Array.of(5, 7),
    });
    expect(asked).toMatchObject([
      {
        path: '/base/api/v1/query_range',
        form: { query: 'm{v=~".*"}', start: '1', end: '3', step: '1', nocache: '1' },
        headers: { authorization: 'Bearer s3cret-token', 'x-scope-orgid': 'team-a' },
      },
    ]);
  });

  it('asks again after 503 and gives up a bad answer only then', async () => {
    let calls = 0;
    const { source, asked } = await scene((a, response) => {
      calls += 1;
      say(calls < 3 ? 503 : 200, calls < 3 ? 'warming up' : matrix(one))(a, response);
    });
    expect(await evaluate(source, 'm')).toHaveLength(1);
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['a server in trouble', say(503, 'overloaded\nmore'), /answered 503: overloaded\. Query: m$/],
    ['an HTML page', say(500, '<html>oops</html>'), /answered 500\. Query: m$/],
    ['half an answer', say(200, matrix(one).slice(0, 60)), /no whole JSON answer/],
    [
      'an answer that breaks off',
      (_asked, response) => {
        response.writeHead(200, { 'content-length': '5000' }).write(matrix(one));
        setTimeout(() => response.destroy(), 20);
      },
      /no connection, or it broke/,
    ],
    [
      'a slow server that says so',
      say(422, JSON.stringify({ status: 'error', errorType: 'timeout', error: 'query timed out' })),
      /did not finish the query \(422\): query timed out/,
    ],
    ['no answer', () => undefined, /did not answer within 100 ms/],
  ] as [string, Answer, RegExp][])('takes %s for something that can pass', async (_what, answer, message) => {
    const { source, asked } = await scene(answer, { timeoutMs: 100 });
    const error = await failure(evaluate(source, 'm'));
    expect([error.code, error.retryable, error.message]).toEqual([
      'unavailable',
      true,
      expect.stringMatching(message),
    ]);
    expect(asked).toHaveLength(3);
  });

  it.each([
    [401, 'no entry for s3cret-token', /answered 401: no entry for \[redacted\]; check its credentials/],
    [404, '404 page not found', /answered 404: 404 page not found; check its "url"/],
    [302, '', /answered 302; redirects are not followed/],
  ])('keeps a look due after %i, and does not knock again at once', async (status, body, message) => {
    const { source, asked } = await scene(say(status, body));
    expect(await failure(evaluate(source, 'm'))).toMatchObject({
      code: 'refused',
      retryable: true,
      message: expect.stringMatching(message) as string,
    });
    expect(asked).toHaveLength(1);
  });

  it('stops waiting when the service does', async () => {
    const { source, stop } = await scene(() => undefined);
    const call = failure(evaluate(source, 'm'));
    setTimeout(() => stop.abort(), 20);
    expect(await call).toMatchObject({ code: 'unavailable', retryable: true });
    expect((await failure(evaluate(source, 'm'))).message).toMatch(/the service is stopping/);
  });

  it('gives up a query that is wrong, in the words of the server', async () => {
    const body = JSON.stringify({ status: 'error', errorType: 'bad_data', error: '1:3: parse error' });
    const { source } = await scene(say(400, body));
    const error = await failure(evaluate(source, 'sum('));
    expect([error.code, error.retryable, error.message]).toEqual([
      'bad-query',
      false,
      'source "prom" refuses the query: 1:3: parse error. Query: sum(',
    ]);
  });

  it.each([
    { warnings: ['store-7: context deadline exceeded'] },
    { isPartial: true },
    { warnings: ['PromQL warning: bucket label missing', 'remote read: 1 of 3 failed'] },
  ])('never takes a part for the whole: %j', async (more) => {
    const { source } = await scene(say(200, matrix(one, more)));
    expect(await failure(evaluate(source, 'm'))).toMatchObject({
      code: 'partial',
      retryable: true,
      message: expect.stringMatching(
        /lacks a part of the data: (store-7|some storage|remote read)/,
      ) as string,
    });
  });

  it('hands on what the server says of a query whose answer is whole', async () => {
    const said = { infos: ['PromQL info: m might not be a counter'], warnings: ['PromQL warning: mixed'] };
    const { source, notices } = await scene(say(200, matrix(one, said)));
    expect(await evaluate(source, 'm')).toHaveLength(1);
    expect(notices).toEqual([
      'source "prom": PromQL warning: mixed. Query: m',
      'source "prom": PromQL info: m might not be a counter. Query: m',
    ]);
  });

  it('shows no secret in what the server says of a query or of missing data', async () => {
    const about = await scene(say(200, matrix(one, { infos: ['PromQL info: s3cret-token'] })));
    await evaluate(about.source, 'm');
    expect(about.notices).toEqual(['source "prom": PromQL info: [redacted]. Query: m']);
    const gap = await scene(say(200, matrix(one, { warnings: ['store s3cret-token is gone'] })));
    expect((await failure(evaluate(gap.source, 'm'))).message).toContain('store [redacted] is gone');
  });

  it.each([
    [{ resultType: 'vector', result: [] }, /is a vector, not series over time/],
    [
      { resultType: 'matrix', result: [{ metric: {}, histograms: [] }] },
      /native histograms.*histogram_quantile/,
    ],
    [{ resultType: 'matrix', result: [{ metric: {}, values: [['1', 2]] }] }, /not \[time, "value"\]/],
    [
      { resultType: 'matrix', result: [{ metric: { a: 1 }, values: [] }] },
      /label of the answer is not a text/,
    ],
    [{ resultType: 'matrix' }, /no "result"/],
    [[], /not shaped as the API promises/],
  ])('reads no numbers out of %j', async (data, message) => {
    const { source } = await scene(say(200, JSON.stringify({ status: 'success', data })));
    expect(await failure(evaluate(source, 'm'))).toMatchObject({
      code: 'bad-query',
      message: expect.stringMatching(message) as string,
    });
  });

  it('lists some of the series when there are too many to read', async () => {
    const many = Array.from({ length: 2_001 }, (_, i) => ({
      metric: { pod: `p${i}` },
      values: [[1, '1']] as const,
    }));
    const { source } = await scene(say(200, matrix(many)), { maxBytes: 1_000_000 });
    const error = await failure(evaluate(source, 'm'));
    expect([error.code, error.retryable]).toEqual(['too-many-series', false]);
    expect(error.message).toMatch(/gives 2001 series.*\{"pod":"p0"\}, .*and 1996 more\. Narrow/);
  });

  it('asks for less where the answer is too large, and says so where that does not help', async () => {
    const { source, asked } = await scene(
      ({ form }, response) => {
        const [start, end] = [Number(form['start']), Number(form['end'])];
        const points = Array.from({ length: end - start + 1 }, (_, i) => [start + i, '1'] as const);
        say(200, matrix([{ metric: {}, values: points }]))({ path: '', form, headers: {} }, response);
      },
      { maxBytes: 1_000 },
    );
    const [series] = await evaluate(source, 'm', { toMs: 200_000 });
    expect([...(series?.timesMs ?? [])]).toEqual(Array.from({ length: 200 }, (_, i) => i * 1_000));
    expect(asked.length).toBeGreaterThan(3);
    const huge = await scene(say(200, 'x'.repeat(2_000)), { maxBytes: 1_000 });
    expect(await failure(evaluate(huge.source, 'm'))).toMatchObject({ code: 'too-many-series' });
  });
});
