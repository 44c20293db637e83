import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPaint } from '../terminal/paint.js';
import { textWidth } from '../terminal/text-width.js';
import { CHANGE_MS, sampleState } from './sample-state.test-support.js';
import { watchFrame, type FramePlace } from './watch-frame.js';
import type { WatchState } from './watch-state.js';

fc.configureGlobal({ seed: 11 });
const place = (columns: number, more: Partial<FramePlace> = {}): FramePlace => ({
  columns,
  nowMs: CHANGE_MS + 8 * 60_000,
  paint: createPaint({ NO_COLOR: '1' }),
  ...more,
});
const text = (state: WatchState, columns: number): string =>
  watchFrame(state, undefined, place(columns)).join('\n');

describe('the frame of a watch', () => {
  it('shows deployment, step, looks, p against α, harm and every metric', () => {
    expect(text(sampleState(), 100)).toMatchInlineSnapshot(`
      " checkout in production  2.13.2 → 2.14.0                                                       d-17
       step 1 of 3: canary (5 %) · running · recommend

       PENDING  look 6 of 30 · 8:00 since the change · next look in 1:00
       ▂▂▂▃▃▃▄▄▄▅▅▅▆▆▆▇▇▇░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
       harm       75 %  prior 10 %
       p          0.42  rollback at α 0.017
                  ──────●───────────────────────┃─────────────────
       guarantee  placebo  120 placebos, worth 60 independent ones

       METRIC        EFFECT          INTERVAL     P  WEIGHS   DATA
       p95 latency   +3.1 %  −2.0 % to +8.0 %  0.01    80 %  100 %  moved
       error ratio        –                 –     –     0 %   20 %  insufficient

       Still needed
       · At most 24 more looks until the watch ends."
    `);
  });

  it('drops columns and clocks where the terminal is narrow, never the numbers that decide', () => {
    const narrow = text(sampleState(), 50);
    expect(narrow).not.toContain('INTERVAL');
    for (const part of ['PENDING', 'look 6 of 30', '0.42', '0.017', '75 %', 'p95 latency', '+3.1 %', 'moved'])
      expect(narrow).toContain(part);
  });

  it('of a verdict shows why, what held it back, and the numbers that decided', () => {
    const frame = text(
      sampleState({
        verdict: {
          verdict: 'rollback',
          final: true,
          look: 7,
          p: 0.004,
          reasons: [{ code: 'x', text: 'p95 latency rose.' }],
          brakes: [{ brake: 'mode', text: 'the policy only recommends' }],
        },
      }),
      90,
    );
    for (const part of ['ROLLBACK  look 7 of 30', '0.004', '· p95 latency rose.', '· mode: the policy only'])
      expect(frame).toContain(part);
    expect(frame).not.toContain('next look');
  });

  it('shows required checks and a hold, and what only the verdict knows to be missing', () => {
    const frame = text(
      sampleState({
        verdict: {
          checks: [{ name: 'smoke', onFailure: 'rollback', standing: 'missing' }],
          hold: { reason: 'an incident', since: '2026-01-31T12:00:00.000Z' },
          stillNeeded: [{ code: 'check-missing', text: 'the check "smoke" must pass' }],
        },
      }),
      90,
    );
    for (const part of ['smoke: missing', 'an incident', 'the check "smoke" must pass', 'At most 24'])
      expect(frame).toContain(part);
  });

  it('fits every width and height, whatever the names are', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 200 }),
        fc.integer({ min: 4, max: 60 }),
        names,
        (columns, rows, all) => {
          const [metric] = sampleState().progress.metrics;
          if (metric === undefined) return;
          const state = sampleState({ progress: { metrics: all.map((name) => ({ ...metric, name })) } });
          const lost = { sinceMs: CHANGE_MS, reason: 'x'.repeat(300) };
          const lines = watchFrame(state, lost, place(columns, { rows, paint: createPaint({}) }));
          expect(lines.length).toBeLessThan(rows);
          for (const line of lines) expect(textWidth(stripVTControlCharacters(line))).toBeLessThan(columns);
        },
      ),
    );
  });

  it('lets no text from outside steer the terminal', () => {
    const state = sampleState({ verdict: { step: { index: 0, name: '\u001b[2Jx\u202e', last: false } } });
    const frame = text(state, 90);
    for (const one of ['\u001b', '\u202e']) expect(frame).not.toContain(one);
  });

  it('is without colours where NO_COLOR is set', () => {
    const coloured = watchFrame(sampleState(), undefined, place(80, { paint: createPaint({}) })).join('\n');
    expect(coloured).toContain('\u001b[');
    expect(text(sampleState(), 80)).not.toContain('\u001b');
    expect(stripVTControlCharacters(coloured)).toBe(text(sampleState(), 80));
  });
});
