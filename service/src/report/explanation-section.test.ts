import { expect, it } from 'vitest';
import { explanationSection } from './explanation-section.js';
import { judgedVerdict } from './report-page.js';
import { sampleReport } from './sample-report.js';
import { sampleStates } from './sample-states.js';

const page = sampleStates.get('rollback') ?? sampleReport();

/** What the table says that a metric was seen in, of a metric that no scan was run over. */
function seenIn(quantile: number | undefined): string {
  const verdict = judgedVerdict(page);
  if (verdict === undefined) throw new Error('the sample has a verdict');
  const findings = verdict.findings.map((finding) =>
    finding.name === 'errors' && quantile !== undefined ? { ...finding, quantile } : finding,
  );
  const explanation = {
    metrics: [{ metric: 'errors', contribution: 1, soloP: 0.01, scorers: [] }],
    flips: [],
  };
  const { evidence, ...rest } = page;
  const shown = { ...verdict, findings, explanation };
  return String(
    explanationSection({
      ...rest,
      verdicts: rest.verdicts.map((one) => (one.id === shown.id ? shown : one)),
    }),
  );
}

it('calls a histogram judged by its distribution, and only what has no scans an e-process', () => {
  expect(seenIn(0.99)).toContain('its distribution');
  expect(seenIn(0.99)).not.toContain('an e-process');
  expect(seenIn(undefined)).toContain('an e-process');
});
