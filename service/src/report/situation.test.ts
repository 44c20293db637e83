import { describe, expect, it } from 'vitest';
import { nextAction } from './next-action.js';
import { releaseVerdict } from './report-page.js';
import { sampleNowMs } from './sample-plot.js';
import { sampleDeployment, sampleReport, sampleRollback, sampleVerdict } from './sample-report.js';
import { sampleStates } from './sample-states.js';
import { situate } from './situation.js';

function said(name: string): readonly [headline: string, action: string] {
  const page = sampleStates.get(name);
  if (page === undefined) throw new Error(`no sample ${name}`);
  const { word, sentence } = situate(page.deployment, releaseVerdict(page));
  return [`${word}: ${sentence}`, nextAction(page, sampleNowMs)].map((text) =>
    text.replaceAll('\u00a0', ' '),
  ) as [string, string];
}

describe('headline and next action', () => {
  it.each([
    [
      'no-verdict',
      'Watching: no look has been judged yet',
      /^Nothing to do yet\. The next look is due; the watch ends at 04:04:00 UTC/,
    ],
    ['pending', 'Watching: no harm shown so far', /^Nothing to do yet/],
    [
      'continue-proof',
      'Continue: shown to do no harm beyond your tolerance',
      /^Nothing to do\. The tail is watched for 29 min/,
    ],
    ['continue-absence', 'Continue: the watch ended without evidence of harm', /^Nothing to do\.$/],
    [
      'canary-step',
      'Continue: shown to do no harm beyond your tolerance',
      /^Go on to the next step, half\. This verdict gates step 2 of 4 only\.$/,
    ],
    ['override', 'Continue: overridden by a person: the errors come from a load test', /^Nothing to do/],
    [
      'rollback',
      'Roll back: errors rose from 0.1 % to 1.0 %',
      /^Act now: roll back shop-api to 1\.4\.1\..*mode recommend/,
    ],
    [
      'rollback-braked',
      'Roll back: errors rose from 0.1 % to 1.0 %',
      /held back: the kill switch is on: network maintenance$/,
    ],
    ['rolling-back', 'Rolling back: errors rose from 0.1 % to 1.0 %', /^Wait: executor argo .*attempt 2/],
    [
      'rolled-back',
      'Rolled back: errors rose from 0.1 % to 1.0 %',
      /^Nothing left to do: the service recovered/,
    ],
    [
      'rolled-back-watching',
      'Rolled back: errors rose from 0.1 % to 1.0 %',
      /^Stay with it: .*3 of 30 looks/,
    ],
    [
      'rolled-back-still-harmed',
      'Rolled back: errors rose from 0.1 % to 1.0 %',
      /^Act now: the service is still harmed/,
    ],
    [
      'rollback-failed',
      'Rollback failed: errors rose from 0.1 % to 1.0 %',
      /^Act now: roll back to 1\.4\.1 by hand\..*503 five times$/,
    ],
    ['recovery-report', 'Recovered: shown to do no harm beyond your tolerance', /^Nothing to do/],
    [
      'inconclusive',
      'Inconclusive: not enough data of latency p95',
      /^Decide yourself: .*held \(fail-closed/,
    ],
    [
      'superseded',
      'Superseded: a newer deployment took its place; this one was not judged to the end',
      /newer deployment/,
    ],
    [
      'cancelled',
      'Cancelled: it was never judged',
      /^Nothing to do: the deployment was cancelled before its first look\.$/,
    ],
    [
      'sixty-metrics',
      'Roll back: metric 1 rose from 0.1 % to 1.0 %, and 2 more metrics are harmed',
      /^Act now/,
    ],
  ])('%s', (name, headline, action) => {
    const [word, next] = said(name);
    expect(word).toBe(headline);
    expect(next).toMatch(action);
  });

  it('shows a value of a newer version as such', () => {
    const verdict = JSON.parse(JSON.stringify({ ...sampleVerdict(), value: 'paused' })) as ReturnType<
      typeof sampleVerdict
    >;
    expect(situate(sampleDeployment(), verdict).word).toBe('Unknown verdict “paused”');
    expect(nextAction(sampleReport({ verdicts: [verdict] }), sampleNowMs)).toMatch(/^Decide yourself/);
  });

  it('names who was refused and why', () => {
    const refused = sampleRollback({ state: 'refused', detail: 'a freeze is declared' });
    expect(nextAction(sampleReport({ rollbacks: [refused] }), sampleNowMs)).toMatch(
      /Ada Okafor asked for was refused: a freeze is declared$/,
    );
  });
});
