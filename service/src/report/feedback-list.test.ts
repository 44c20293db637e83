import { expect, it } from 'vitest';
import type { Tuning } from '../domain/tuning.js';
import { feedbackList } from './feedback-list.js';
import { html } from './markup.js';
import { sampleReport } from './sample-report.js';
import { tuningList } from './tuning-list.js';

const entry = { deploymentId: 'dep-7f3a', verdictId: 'v-2', actor: 'p-77aa', atMs: 1_000 };
const textOf = (piece: ReturnType<typeof feedbackList>) => html`${piece}`.toString().replaceAll(/\s+/g, ' ');

it('shows who said what of the verdict and its metrics, and strikes through what was taken back', () => {
  const page = sampleReport({
    feedback: [
      { ...entry, id: 'f-1', judgement: 'false-rollback', comment: '<b>a load test</b>' },
      { ...entry, id: 'f-2', judgement: 'unsure', metrics: [{ name: 'queue', relevance: 'noise' }] },
      { ...entry, id: 'f-3', retracts: 'f-2' },
    ],
  });
  const text = textOf(feedbackList(page, 2_000));
  expect(text).toContain('There was no harm');
  expect(text).toContain('Ada Okafor');
  expect(text).toContain('&lt;b&gt;a load test');
  expect(text).toMatch(/<s>.*only noise: <bdi>queue<\/bdi>.*<\/s> <span class="soft">taken back/);
  expect(text.match(/<s>/g)).toHaveLength(1);
  expect(feedbackList(sampleReport(), 2_000)).toBe(false);
});

it('shows what was learned of the service, where anything was', () => {
  const prior = {
    value: 0.12,
    declared: 0.1,
    source: 'own-history',
    releases: 80,
    harmful: 10,
    labelled: 4,
  } as const;
  const weights = [{ metric: 'queue', factor: 0.4, useful: 0, noise: 3 }];
  const text = textOf(tuningList({ prior, weights, feedback: ['f-1'] }));
  expect(text).toContain('10 of the last 80 releases did harm (people spoke of 4)');
  expect(text).toContain('<bdi>queue</bdi> × 0.4');
  const nothing: Tuning = { prior: { ...prior, source: 'policy' }, weights: [], feedback: [] };
  expect([tuningList(nothing), tuningList(undefined)]).toEqual([false, false]);
});
