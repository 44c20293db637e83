import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWindow } from './decode-window.js';
import { WindowError } from './recorded-window.js';
import { testWindow } from './test-window.js';

const STAGES = '"stages_complete_at" is no ascending list of seconds since 1970; it is ignored';
const plain = { id: 'a', change_at: 60, metrics: [] };

function decode(value: unknown) {
  const remarks: string[] = [];
  return { window: decodeWindow(value, (text) => remarks.push(text)), remarks };
}

describe('a recorded window from a line of a file', () => {
  it('is read with all that matters and without a remark', () => {
    const metrics = [
      { name: 'p95', kind: 'latency', role: 'treatment', t: [0, 60], v: [1, null] },
      { name: 'p95', kind: 'latency', role: 'control', t: [0], v: [2], total: [10] },
    ];
    const blind = { set: 'x', replicas: 3, stages_complete_at: [60], service: 'cart', traffic_share: 0.1 };
    const { window, remarks } = decode({ id: 'a', change_at: 60, interval_s: 60, metrics, ...blind });
    expect(remarks).toEqual([]);
    expect(window).toMatchObject({
      id: 'a',
      changeAtSeconds: 60,
      intervalSeconds: 60,
      service: 'cart',
      trafficShare: 0.1,
    });
    const [treatment, control] = window.series;
    expect([treatment?.role, control?.role]).toEqual(['treatment', 'control']);
    expect(Array.from(treatment?.values ?? [])).toEqual([1, NaN]);
    expect(treatment?.totals).toBeUndefined();
    expect(Array.from(control?.totals ?? [])).toEqual([10]);
  });

  it.each([
    [{ replicas: 0 }, ['"replicas" is no whole number of at least 1; it changes no verdict']],
    [{ replicas: 2.5 }, ['"replicas" is no whole number of at least 1; it changes no verdict']],
    [{ stages_complete_at: [2, 1] }, [STAGES]],
    [{ stages_complete_at: ['2026-01-01'] }, [STAGES]],
    [{ stages_complete_at: 7 }, [STAGES]],
    [{ stages_complete_at: [] }, []],
  ])('says of what it knows of the rollout what cannot be read, and ignores it: %o', (rollout, told) => {
    const { window, remarks } = decode({ ...plain, ...rollout });
    expect(remarks).toEqual(told);
    expect(window).toEqual(decode(plain).window);
  });

  it('knows when the first new instances were complete', () => {
    const { window, remarks } = decode({ ...plain, replicas: 5, stages_complete_at: [61, 62, 62] });
    expect(remarks).toEqual([]);
    expect(window).toEqual({ ...decode(plain).window, firstCompleteSeconds: 61 });
  });

  it.each([
    [7, /not an object/],
    [[], /not an object|no "id"/],
    [{ change_at: 1, metrics: [] }, /no "id"/],
    [{ id: '', change_at: 1, metrics: [] }, /no "id"/],
    [{ id: 'a', metrics: [] }, /"change_at" is not a number/],
    [{ id: 'a', change_at: '2026-01-01', metrics: [] }, /"change_at" is not a number/],
    [{ id: 'a', change_at: 1_700_000_000_000, metrics: [] }, /divide milliseconds by 1000/],
    [{ id: 'a', change_at: 1, interval_s: 0, metrics: [] }, /"interval_s"/],
    [{ id: 'a', change_at: 1, interval_s: '60', metrics: [] }, /"interval_s"/],
    [{ id: 'a', change_at: 1, interval_s: 60, metrics: {} }, /"metrics" is not a list/],
  ])('names the field that it cannot do without: %j', (value, message) => {
    expect(() => decode(value)).toThrow(WindowError);
    expect(() => decode(value)).toThrow(message);
  });

  it('ignores what it does not know and says so', () => {
    const metrics = [
      { name: 'a', kind: 'money', role: 'treatment', t: [0, 60], v: ['1', true], colour: 'red' },
      { name: 'b', role: 'shadow', t: [0], v: [1] },
      { role: 'treatment', t: [0, 60, 120], v: [1] },
      { name: 'c', t: 'none' },
      null,
    ];
    const { window, remarks } = decode({ id: 1, change_at: 60, interval_s: 60, label: 'bad', metrics });
    expect(window.series.map(({ name, kind, role }) => [name, kind, role])).toEqual([
      ['a', 'money', 'treatment'],
      ['metric 3', '', 'treatment'],
      ['c', '', 'treatment'],
    ]);
    expect(window.series.map(({ values }) => values.length)).toEqual([2, 1, 0]);
    for (const oddity of [
      '"label"',
      '"colour"',
      '"shadow"',
      'differ in length',
      'without a name',
      'not a list',
    ])
      expect(remarks.join('\n')).toContain(oddity);
  });

  it('never fails but with a WindowError, whatever a line holds', () => {
    const whole = testWindow({ history: 3, looks: 2 });
    const oddId = fc.oneof(fc.constant('w'), fc.jsonValue());
    const record = fc.record(
      { id: oddId, change_at: fc.jsonValue(), interval_s: fc.jsonValue(), metrics: fc.array(fc.jsonValue()) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          record.map((odd) => ({ ...whole, ...odd })),
        ),
        (value) => {
          try {
            decodeWindow(value, () => undefined);
          } catch (error) {
            expect(error).toBeInstanceOf(WindowError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
