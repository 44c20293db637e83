import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policyInput } from '../src/api/policy.js';
import { configSchema } from '../src/config/config-schema.js';
import type { Signal } from '../src/domain/policy.js';
import { feedsOf, isExpression } from '../src/domain/signal-feeds.js';
import { fillInfluxql } from '../src/sources/influx/v1/fill-influxql.js';
import { fillExpression } from '../src/sources/prometheus/fill-expression.js';

const guide = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text ?? '',
  );
const variables = { service: 'cart', environment: 'prod', previousVersion: '1' };

function filledQueries(signal: Signal): readonly string[] {
  const range = { project: 'default', fromMs: 0, toMs: 60_000, stepMs: 60_000 };
  return feedsOf(signal).flatMap(([, feed]) => {
    if (!isExpression(feed)) return [];
    if (signal.source === 'influx') return [fillInfluxql({ ...range, expression: feed.query, variables })];
    return [fillExpression(feed.query, variables, range.stepMs)];
  });
}

describe('the guide to sources', () => {
  it('shows configurations that are valid', () => {
    const configurations = blocks('json').map((text) => JSON.parse(text) as unknown);
    expect(configurations.length).toBeGreaterThan(0);
    for (const configuration of configurations) expect(configSchema.parse(configuration)).toBeDefined();
  });

  it('shows metrics that are valid, with queries that can be filled in for the whole service', () => {
    const lists = blocks('yaml').map((text) => parse(text) as unknown);
    expect(lists.length).toBeGreaterThan(1);
    for (const metrics of lists) {
      for (const { signal } of policyInput.parse({ metrics }).metrics)
        for (const query of filledQueries(signal)) expect(query).not.toContain('{{');
    }
  });
});
