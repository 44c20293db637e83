import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillFlux } from './fill-flux.js';

const fill = (where: string, service: string, version = 'v1') =>
  fillFlux({
    project: 'p',
    expression: `from(bucket: "b") |> range(start: {{from}}, stop: {{to}}) |> filter(fn: (r) => ${where}) |> window(every: {{interval}})`,
    variables: { service, environment: '', version, previousVersion: '' },
    fromMs: 500,
    toMs: 60_500,
    stepMs: 1_000,
  });

/** The text of a Flux string, by the escapes of its grammar. */
const unquote = (body: string): string => {
  expect(body).not.toMatch(/(?<!\\)(?:\\\\)*(?:"|\$\{)/);
  return body.replace(/\\(\$\{|[\\"])/g, '$1');
};

describe('fillFlux', () => {
  it('lets no value out of its string', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom('"', '\\', '$', '{', '}', '/', ')', '|', '>', ' '),
        fc.string({ minLength: 1, maxLength: 1 }),
      ),
      maxLength: 16,
    });
    fc.assert(
      fc.property(
        nasty.filter((text) => !/\p{Cc}/u.test(text)),
        (service) => {
          const filled = fill('r.s == "{{service}}"', service);
          const [before, after] = ['(r) => r.s == "', '") |> window'];
          const body = filled.slice(filled.indexOf(before) + before.length, filled.lastIndexOf(after));
          expect(unquote(body)).toBe(service);
        },
      ),
      { seed: 8, numRuns: 500 },
    );
  });

  it('matches any version by a pattern where it is left open, and says so elsewhere', () => {
    expect(fill('r.version =~ /^{{version}}$/', 's', 'v1/2')).toContain('=~ /^v1\\/2$/');
    const open = { project: 'p', fromMs: 0, toMs: 1_000, stepMs: 1_000 };
    const variables = { service: 's', environment: '', previousVersion: '' };
    const expression = (where: string) => `range(start: {{from}}, stop: {{to}}) ${where} {{interval}}`;
    expect(fillFlux({ ...open, variables, expression: expression('r.v =~ /^{{version}}$/') })).toContain(
      '/^.*$/',
    );
    expect(() => fillFlux({ ...open, variables, expression: expression('r.v == "{{version}}"') })).toThrow(
      'match a pattern: r.version =~ /^{{version}}$/',
    );
  });
});
