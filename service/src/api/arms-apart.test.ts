import { expect, it } from 'vitest';
import { fieldErrors, jsonPointer } from './field-errors.js';
import { metricSpec } from './metric-spec.js';

const split = { query: 'sum(e{v=~"{{version}}"})' };
const whole = { query: 'sum(t)' };
const selector = { metric: 'm' };
const alike = { treatment: {}, control: {} };
const errorsOf = (events: object, total: object, arms?: object): readonly string[] => {
  const signal = { type: 'ratio', source: 'prom', events, total };
  const result = metricSpec.safeParse({ name: 'errors', kind: 'error', signal, arms });
  return result.success
    ? []
    : fieldErrors(result.error).map(
        ({ path, detail, remedy }) => `${jsonPointer(path)} ${detail}; ${remedy ?? ''}`,
      );
};

it.each([
  [split, whole, undefined, '/signal/total/query reads the same for both arms of a canary, and "events"'],
  [whole, split, undefined, '/signal/events/query reads the same for both arms of a canary, and "total"'],
  [
    selector,
    whole,
    undefined,
    'match version=~"{{version}}" in this query too, or give it a "control" query',
  ],
  [split, { query: 't{v="{{previousVersion}}"}' }, undefined, '/signal/total/query reads the same'],
  [split, { ...whole, control: whole }, undefined, '/signal/total/query reads the same'],
  [split, selector, alike, '/signal/total/metric reads the same'],
  [split, selector, alike, 'give "arms" different labels'],
])(
  'refuses a ratio of %j over %j with arms %j: only a part is read by arm',
  (events, total, arms, message) => {
    expect(errorsOf(events, total, arms)).toEqual([expect.stringContaining(message)]);
  },
);

it.each([
  [split, split, undefined],
  [split, { ...whole, control: { query: 'sum(c)' } }, undefined],
  [split, selector, undefined],
  [selector, selector, undefined],
  [selector, selector, alike],
  [whole, whole, undefined],
])('takes a ratio of %j over %j with arms %j', (events, total, arms) => {
  expect(errorsOf(events, total, arms)).toEqual([]);
});
