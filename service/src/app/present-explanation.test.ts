import { describe, expect, it } from 'vitest';
import { sampleEvidence } from '../report/sample-plot.js';
import { memoryForecast, pendingExplanation, rollbackExplanation } from '../report/sample-explanation.js';
import { sampleDeployment, sampleFinding, sampleVerdict } from '../report/sample-report.js';
import { harmedFindings, quietFindings, shopPolicy } from '../report/sample-shop.js';
import { underNewerLook } from './newer-look.js';
import { presentVerdict } from './present.js';
import { presentExplanation, presentForecast, sentenceOf } from './present-explanation.js';

const deployment = sampleDeployment({ policy: shopPolicy });
const rollback = sampleVerdict({ findings: harmedFindings });
const quiet = { value: 'pending', rule: 'watching', p: 0.4, findings: quietFindings } as const;
const at = { look: 6, asOfMs: Date.UTC(2026, 0, 31, 12, 6), intervalMs: 60_000 };

describe('sentenceOf', () => {
  it('speaks of the harm that weighs most', () => {
    expect(sentenceOf(rollback, deployment)).toMatchObject({
      code: 'harmed',
      parameters: { metric: 'errors', onsetMs: 180_000 },
    });
    expect(sentenceOf(rollback, deployment).text).toMatch(
      /^errors rose by 0\.9 points .*once in 240 quiet releases\.$/,
    );
  });

  it.each([
    ['quiet-so-far', quiet],
    ['suspect', { ...quiet, p: 0.1, findings: harmedFindings }],
    ['too-small-so-far', { ...quiet, p: 0.01, findings: harmedFindings }],
    ['harm-ruled-out', { value: 'continue', rule: 'bounded-harm', p: 0.5, findings: quietFindings }],
    [
      'nothing-found',
      { value: 'continue', rule: 'watch-ended-without-evidence', p: 0.5, findings: quietFindings },
    ],
    [
      'too-small-to-matter',
      {
        value: 'continue',
        rule: 'watch-ended-without-evidence',
        p: 0.01,
        findings: [sampleFinding({ status: 'moved' })],
      },
    ],
    ['held', { ...quiet, rule: 'held' }],
    ['awaiting-checks', { ...quiet, rule: 'awaiting-checks' }],
    ['canary-silent', { rule: 'canary-silent' }],
    ['as-said', { value: 'inconclusive', rule: 'checks-missing' }],
    ['superseded', { value: 'superseded', rule: 'superseded' }],
  ] as const)('says %s', (code, over) => {
    expect(sentenceOf(sampleVerdict(over), deployment).code).toBe(code);
  });

  it.each([
    { value: 'pending', rule: 'watching', p: 1 },
    { value: 'inconclusive', rule: 'not-enough-data', p: 1 },
  ] as const)('never calls quiet or missing what shows harm and proves none: %o', (over) => {
    const text = 'errors moved by +1444 %, and the history is too short.';
    const reasons = [{ code: 'harm-not-proven', metric: 'errors', text }];
    const findings = [sampleFinding({ name: 'errors', status: 'insufficient', text }), ...quietFindings];
    const sentence = sentenceOf(sampleVerdict({ ...over, reasons, findings }), deployment);
    expect(sentence.text).toBe('Errors moved by +1444 %, and the history is too short.');
  });

  it('names what the policy requires first among what is missing', () => {
    const findings = ['requests', 'latency p95'].map((name) =>
      sampleFinding({ name, status: 'insufficient', contribution: 0 }),
    );
    const verdict = sampleVerdict({ value: 'inconclusive', rule: 'not-enough-data', findings });
    expect(sentenceOf(verdict, deployment)).toMatchObject({
      code: 'too-little-data',
      parameters: { metric: 'latency p95', others: 1 },
    });
  });

  it('says when a limit comes where the rollback rests on that', () => {
    const verdict = sampleVerdict({
      reasons: [{ code: 'harm-forecast', metric: 'resident memory', text: 'it leaks' }],
      forecasts: [memoryForecast],
    });
    expect(sentenceOf(verdict, deployment).code).toBe('harm-ahead');
    expect(sentenceOf({ ...verdict, reasons: rollback.reasons }, deployment).code).toBe('harmed');
  });
});

describe('what is presented', () => {
  it('gives times in place of counts of looks', () => {
    const shown = presentExplanation(rollbackExplanation, at);
    expect(shown.metrics[0]?.scorers).toEqual([
      { scorer: 'counts', score: 3.4, windowMs: 180_000, at: '2026-01-31T12:06:00.000Z' },
    ]);
    expect(shown.flips[0]).toMatchObject({ code: 'without-metric', verdict: 'pending' });
    expect(presentExplanation(pendingExplanation, at).ahead?.code).toBe('continue-ahead');
  });

  it('gives the time of a breach with its interval', () => {
    const shown = presentForecast(memoryForecast, at);
    expect(shown).toMatchObject({ at: '2026-01-31T12:40:00.000Z', latestAt: '2026-01-31T12:57:00.000Z' });
    expect(shown.risePerHour).toBeCloseTo(4.6e6 * 60);
    expect(shown.text).toContain('512 MiB in about 34 min (26 min to 51 min)');
  });

  it('stands in every verdict, small enough for a webhook', () => {
    const verdict = sampleVerdict({
      findings: harmedFindings,
      explanation: rollbackExplanation,
      forecasts: [memoryForecast],
    });
    const shown = presentVerdict(verdict, deployment);
    expect(shown.sentence.code).toBe('harmed');
    expect(shown.explanation?.flips).toHaveLength(1);
    expect(shown.forecast).toHaveLength(1);
    expect(JSON.stringify(shown).length).toBeLessThan(10_000);
    expect(presentVerdict(rollback, deployment)).not.toHaveProperty('explanation');
  });
});

describe('underNewerLook', () => {
  const pending = sampleVerdict({ ...quiet, look: 1 });
  const evidence = sampleEvidence([]);
  const newer = {
    ...evidence,
    look: 9,
    assessment: {
      ...evidence.assessment,
      p: 0.3,
      explanation: pendingExplanation,
      metrics: [
        {
          ...{ kind: 'insufficient', name: 'errors', required: true, coverage: 0.2 },
          reason: { code: 'low-coverage', text: 'errors has data in 20 % of the intervals' },
        },
      ],
    },
  };

  it('lets the newest look speak while the verdict is pending', () => {
    const shown = underNewerLook(pending, newer, 60_000);
    expect(shown).toMatchObject({ look: 9, p: 0.3, explanation: pendingExplanation });
    expect(shown.findings[0]?.status).toBe('insufficient');
    expect(shown.asOfMs - pending.asOfMs).toBe(8 * 60_000);
  });

  it('leaves what was decided, and what is newer, as it is', () => {
    expect(underNewerLook(rollback, newer, 60_000)).toBe(rollback);
    expect(underNewerLook({ ...pending, look: 9 }, newer, 60_000).look).toBe(9);
    expect(underNewerLook(pending, undefined, 60_000)).toBe(pending);
  });
});
