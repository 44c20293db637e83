import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { separate } from './labelled-case.js';

const METRIC = { name: 'p95', kind: 'latency', role: 'treatment', t: [0, 60], v: [1, null] };
const CASE = {
  id: 'bad-7',
  set: 's',
  label: 'bad',
  group: 'cart',
  change_at: 60,
  interval_s: 60,
  service: 'cart',
  metrics: [{ ...METRIC, faulty: true }],
};

describe('a labelled case', () => {
  it('shows methods what they may see and nothing else, whatever the line holds', () => {
    const hints = fc.dictionary(
      fc.constantFrom(
        'fault',
        'onset_at',
        'derived',
        'moment',
        'incident',
        'detected_by_paper_at',
        'pair',
        'note',
      ),
      fc.oneof(fc.string(), fc.integer(), fc.boolean()),
    );
    fc.assert(
      fc.property(hints, (more) => {
        const { blind } = separate('s', { ...more, ...CASE });
        expect(blind).toEqual({
          id: blind['id'],
          change_at: 60,
          interval_s: 60,
          service: 'cart',
          metrics: [METRIC],
        });
        expect(JSON.stringify(blind)).not.toMatch(/bad|faulty/);
      }),
    );
  });

  it('keeps for the scorer what it needs', () => {
    const { truth } = separate('s', {
      ...CASE,
      onset_at: 120,
      moment: 'peak',
      no_canary_data: true,
      faulty_metrics: ['p95'],
    });
    expect(truth).toEqual({
      set: 's',
      id: 'bad-7',
      group: 'cart',
      isBad: true,
      changeAtSeconds: 60,
      onsetSeconds: 120,
      moment: 'peak',
      isSilent: true,
      faultyMetrics: ['p95'],
    });
    expect(separate('s', CASE).truth.onsetSeconds).toBe(60);
  });

  it.each([
    [7, /not an object/],
    [{ ...CASE, id: 3 }, /"id"/],
    [{ ...CASE, label: 'maybe' }, /"label"/],
    [{ ...CASE, change_at: 'now' }, /"change_at"/],
    [{ ...CASE, metrics: {} }, /"metrics"/],
  ])('names the field that is wrong: %j', (value, message) => {
    expect(() => separate('s', value)).toThrow(message);
  });
});
