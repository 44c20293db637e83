import { describe, expect, it } from 'vitest';
import { sampleTicks, sampleVerdict, sampleWatch } from './sample-report.js';
import { timelinePlot } from './timeline-plot.js';

const watch = sampleWatch();

describe('timelinePlot', () => {
  it('says the looks in words and marks every change of the verdict', () => {
    const svg =
      timelinePlot(
        [{ alpha: 0.05, ticks: sampleTicks(watch, 6, 0.0041, 'rollback') }],
        [sampleVerdict(), sampleVerdict({ sequence: 1, look: 1 })],
      )?.toString() ?? '';
    expect(svg).toContain('6 looks; smallest p 0.0041 against α = 0.05; the last look says rollback.');
    expect(svg).toMatch(/#1<\/text>/);
    expect(svg).toMatch(/#2<\/text>/);
    expect(svg.match(/<rect class="run /g)).toHaveLength(2);
  });

  it('stays small with a thousand looks and finite with p = 0', () => {
    const svg =
      timelinePlot([{ alpha: 0.05, ticks: sampleTicks(watch, 1000, 1e-300, 'rollback') }], [])?.toString() ??
      '';
    expect(svg.length).toBeLessThan(30_000);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('is absent without a look, and bears a single one', () => {
    expect(timelinePlot([], [])).toBeUndefined();
    expect(
      timelinePlot([{ alpha: 0.05, ticks: sampleTicks(watch, 1, 1, 'pending') }], [])?.toString(),
    ).not.toMatch(/NaN/);
  });
});
