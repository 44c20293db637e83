import { describe, expect, it } from 'vitest';
import { checkBucket } from './check-bucket.js';
import { fillFlux } from './fill-flux.js';

const REST = ' |> range(start: {{from}}, stop: {{to}}) |> aggregateWindow(every: {{interval}}, fn: mean)';
const fill = (expression: string, service = 'cart'): string =>
  checkBucket(
    fillFlux({
      project: 'p',
      expression,
      variables: { service, environment: '', version: service, previousVersion: '' },
      fromMs: 0,
      toMs: 60_000,
      stepMs: 1_000,
    }),
    'metrics',
  );

describe('checkBucket', () => {
  it.each([
    `from(bucket: "metrics")${REST} |> filter(fn: (r) => r.host == "a" and r["org"] == "b")`,
    `from( bucket : "metrics" )${REST} |> group(columns: ["host", "bucket"]) |> map(fn: (r) => ({r with _value: r._value / 2.0}))`,
    `a = from(bucket: "metrics")${REST}\nb = from(bucket: "metrics")${REST}\njoin(tables: {a: a, b: b}, on: ["host"])`,
    `from(bucket: "metrics")${REST} |> filter(fn: (r) => r.path =~ /^\\/from:/)`,
    `import "join"\nfrom(bucket: "metrics")${REST} |> filter(fn: (r) => r.token == "from(bucket: \\"other\\")")`,
  ])('lets a script read the bucket of the source: %s', (expression) => {
    expect(() => fill(expression)).not.toThrow();
  });

  it.each([
    ['another bucket', `from(bucket: "other")${REST}`],
    ['a bucket by its id', `from(bucketID: "0000")${REST}`],
    ['another server', `from(bucket: "metrics", host: "http:/" + "/10.0.0.1:8086")${REST}`],
    ['another server, before', `from(host: "http:/" + "/10.0.0.1", bucket: "metrics")${REST}`],
    ['another organisation', `from(bucket: "metrics", org: "other")${REST}`],
    ['another organisation by its id', `from(bucket: "metrics", orgID: "0")${REST}`],
    ['another token', `from(bucket: "metrics", token: "t")${REST}`],
    ['a parameter in quotes', `from(bucket: "metrics", "host": "h")${REST}`],
    ['a parameter with escapes', `from(bucket: "metrics", "\\x68ost": "h")${REST}`],
    ['parameters by their variables', `host = "h"\nbucket = "metrics"\nfrom(bucket, host)${REST}`],
    ['another name for from', `f = from\nf(bucket: "other")${REST}`],
    ['a bucket that is computed', `from(bucket: "met" + "rics")${REST}`],
    ['a bucket by a variable', `from(bucket: "{{service}}")${REST}`],
    ['a bucket with an escape', `from(bucket: "\\x6detrics")${REST}`],
    ['a list of buckets', `buckets(host: "h")${REST}`],
    ['a list of buckets, bare', `from(bucket: "metrics")${REST}\nbuckets()`],
    ['a count', `cardinality(bucket: "metrics", start: {{from}})${REST}`],
    ['code behind a regular expression', `a = /"/\nb = from(bucket: "other")${REST}\nc = /"/`],
    ['code behind a quoted quote', `from(bucket: "metrics")${REST} |> filter(fn: (r) => r.a =~ /"/)`],
  ])('refuses %s', (_what, expression) => {
    expect(() => fill(expression)).toThrow(/bucket|must not hold|may hold/);
  });
});

describe('values side by side', () => {
  it.each([
    ['"{{service}}{x}"', 'a$'],
    ['"\\{{service}}"', '" or true or "'],
  ])('never begin an expression or end a string: %s', (text, value) => {
    const expression = `from(bucket: "metrics")${REST} |> filter(fn: (r) => r.s == ${text})`;
    expect(() => fill(expression, value)).toThrow('begin an expression or end the string');
    expect(() => fill(expression.replace('\\{{', '{{'), 'plain')).not.toThrow();
  });

  it('is so for two variables', () => {
    const query = {
      project: 'p',
      expression: `from(bucket: "metrics")${REST} |> filter(fn: (r) => r.s == "{{service}}{{version}}")`,
      variables: { service: 'a$', environment: '', version: '{1+1}', previousVersion: '' },
      fromMs: 0,
      toMs: 60_000,
      stepMs: 1_000,
    };
    expect(() => fillFlux(query)).toThrow('cannot be filled in');
    const whole = { ...query, variables: { ...query.variables, service: 'a${x}' } };
    expect(fillFlux(whole)).toContain('"a\\${x}{1+1}"');
  });
});
