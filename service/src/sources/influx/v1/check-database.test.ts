import { describe, expect, it } from 'vitest';
import { checkDatabase } from './check-database.js';

const scope = { database: 'metrics' };
const select = (from: string) =>
  `SELECT mean("value")*1.5/2.5, "a"/1.5 FROM ${from} WHERE time >= 0ms GROUP BY time(1000ms,0ms)`;

describe('checkDatabase', () => {
  it.each([
    '"latency"',
    '"http.requests"',
    'latency, "cpu"',
    '/^http\\.(get|put)$/',
    '(SELECT max("a.b") FROM "m" WHERE "host" = \'x.y."z"\')',
    '"metrics".."latency"',
    'metrics.."latency"',
  ])('lets a query read the database of the source: %s', (from) => {
    expect(checkDatabase(select(from), scope)).toBe(select(from));
  });

  it.each([
    '"db_b"."autogen"."m"',
    '"db_b".."m"',
    'db_b..m',
    'db_b.autogen.m',
    '"m", "db_b"."autogen"."m"',
    '(SELECT max("value") FROM "db_b"."autogen"."m")',
    '"db_b"."autogen"./.*/',
    '"db_b" . "autogen" . "m"',
    '"metri\\cs\\"".."m"',
    '"autogen"."m"',
    '"metrics"."autogen"."m"',
    '"a"."metrics".."m"',
    '."m"',
  ])('refuses another database or retention policy: %s', (from) => {
    expect(() => checkDatabase(select(from), scope)).toThrow('write FROM "measurement"');
  });

  it('lets the configured retention policy be named', () => {
    const kept = { ...scope, retentionPolicy: 'long' };
    for (const from of ['"metrics"."long"."m"', '"long"."m"'])
      expect(checkDatabase(select(from), kept)).toBe(select(from));
    expect(() => checkDatabase(select('"metrics"."short"."m"'), kept)).toThrow('"retentionPolicy"');
  });
});
