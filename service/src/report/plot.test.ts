import { describe, expect, it } from 'vitest';
import { focusPlot } from './focus-plot.js';
import { plotRange } from './plot-range.js';
import { metricPlot } from './plot.js';
import { changeAtMs, minuteMs, samplePlot } from './sample-plot.js';

const context = { id: 'm0', changeAtMs, steps: [], warmupMs: 0 };
const errors = samplePlot({ name: 'errors', unit: 'ratio', level: 0.001, shift: 9, gaps: [[10, 20]] });

describe('metricPlot', () => {
  const svg = metricPlot(errors, {
    ...context,
    onsetAtMs: changeAtMs + 3 * minuteMs,
    warmupMs: 2 * minuteMs,
    guardRail: { above: 0.008, forLooks: 2 },
    steps: [{ name: 'half', startedAtMs: changeAtMs + 5 * minuteMs }],
  }).toString();

  it('has a title, a description in words and a scaled axis', () => {
    expect(svg).toContain('<title id="m0-t">errors over time</title>');
    expect(svg.replaceAll('\u00a0', ' ')).toMatch(
      /Live before the change: 0\.1\d* %\. Live after: 0\.[89]\d* %.*10 of 75 intervals have no sample/s,
    );
    expect(svg).toMatch(/class="tick unit"[^>]*>%</);
  });

  it('marks change, step and onset where they are', () => {
    expect(svg).toContain('<line class="marker change" x1="80%" x2="80%"');
    expect(svg).toContain('<line class="marker step" x1="86.67%"');
    expect(svg).toContain('<line class="marker onset" x1="84%"');
  });

  it('draws line, expectation, band, gap, warm-up and limit', () => {
    for (const kind of ['line live', 'line expected', 'band', 'gap'])
      expect(svg).toMatch(new RegExp(`<path class="${kind}" d="M`));
    expect(svg).toContain('<rect class="warmup" x="960"');
    expect(svg).toContain('<line class="limit"');
    expect(svg.match(/<path class="line live" d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(2);
  });

  it('bears nothing to draw, values beyond any number, and a constant', () => {
    const empty = {
      name: 'x',
      unit: '',
      fromMs: changeAtMs,
      intervalMs: minuteMs,
      live: [],
      expected: [],
      low: [],
      high: [],
    };
    const constant = {
      ...empty,
      live: [5, 5, Infinity, null],
      expected: [5],
      low: [null],
      high: [-Infinity],
    };
    for (const plot of [empty, constant])
      expect(metricPlot(plot, context).toString()).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('plotRange', () => {
  it('lets neither a wide band nor a far limit squeeze the line', () => {
    const plot = { ...errors, low: errors.low.map(() => -100), high: errors.high.map(() => 100) };
    const { low, high } = plotRange(plot, [50]);
    expect(high - low).toBeLessThan(4 * 0.0125);
  });

  it('starts at zero when zero is near and not otherwise', () => {
    expect(plotRange(errors, []).low).toBe(0);
    expect(plotRange(samplePlot({ name: 'p95', unit: 's', level: 0.2 }), []).low).toBeGreaterThan(0.1);
  });
});

describe('focusPlot', () => {
  it('drops history until the change has room, and nothing else', () => {
    const plot = samplePlot({ name: 'x', unit: '', level: 1, before: 600, after: 30, control: true });
    const focused = focusPlot(plot, changeAtMs);
    expect(focused?.fromMs).toBe(changeAtMs - 60 * minuteMs);
    expect(focused?.live).toEqual(plot.live.slice(540));
    expect(focused?.control).toHaveLength(90);
    expect(focusPlot(errors, changeAtMs - 40 * minuteMs)).toBe(errors);
  });
});
