import type { MetricEvidence } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { findingOf } from './describe-finding.js';

const line = new Float64Array(0);
const errors: Extract<MetricEvidence, { kind: 'judged' }> = {
  kind: 'judged',
  name: 'errors',
  unit: 'ratio',
  criticality: 'normal',
  required: true,
  score: 0,
  contribution: 0,
  p: 1,
  effect: { relative: 14.4, relativeLow: 11.7, relativeHigh: 17.4, absolute: 0.14, level: 0.95 },
  beyondMinEffect: true,
  withinTolerance: false,
  baseline: 'level',
  scorer: 'counts',
  coverage: 1,
  expected: line,
  low: line,
  high: line,
};

describe('the finding of a metric that shows harm and proves none', () => {
  const text = 'errors moved by +1444 %; the history is too short to tell whether it also does so by itself.';
  const unproven = { code: 'harm-not-proven', metric: 'errors', text };

  it('is not called quiet, and keeps its effect', () => {
    expect(findingOf({ ...errors, unproven }, 0.05, 0, 60_000, false)).toMatchObject({
      status: 'insufficient',
      text,
      effect: { relative: 14.4 },
    });
  });

  it('is quiet without that', () => {
    expect(findingOf(errors, 0.05, 0, 60_000, false).status).toBe('quiet');
  });
});
