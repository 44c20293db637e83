import { describe, expect, it } from 'vitest';
import { attributionSection } from './attribution-section.js';
import { nextAction } from './next-action.js';
import { sampleNowMs } from './sample-plot.js';
import { sampleReport } from './sample-report.js';
import { sampleStates } from './sample-states.js';

const text = (name: string): string =>
  String(attributionSection(sampleStates.get(name) ?? sampleReport()))
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');

describe('attributionSection', () => {
  it('names who fits better, with a way there, why, and who else moved', () => {
    const page = String(attributionSection(sampleStates.get('another-fits-better') ?? sampleReport()));
    expect(page).toContain('href="../dep-6c11/report"');
    const words = text('another-fits-better');
    expect(words).toContain('payments 2.3.1, released 40 s earlier, fits better (72 %).');
    expect(words).toMatch(/This deployment: 25\s%/);
    expect(words).toContain('1 of 9 moved at the same time: payments.');
    expect(words).toMatch(/errors moved by \+31\s%.*difference of \+30\s%/);
  });

  it('says that it began before, and what was not looked at', () => {
    const words = text('began-before');
    expect(words).toMatch(/4\smin before this deployment: clearly before it/);
    expect(words).toContain('4 more services were not read.');
    expect(words).toContain('2 more deployments of the time were not weighed.');
  });

  it.each([
    [
      'another-fits-better',
      /^Look before you act, for it may not be this deployment: payments 2\.3\.1 fits better.* If it is, roll back/,
    ],
    ['began-before', /^Look before you act.*the shift began before this deployment/],
    ['rollback', /^Act now/],
  ])('has a say in what to do now: %s', (name, words) =>
    expect(nextAction(sampleStates.get(name) ?? sampleReport(), sampleNowMs)).toMatch(words),
  );

  it('stands nowhere without an attribution', () => {
    expect(attributionSection(sampleStates.get('rollback') ?? sampleReport())).toBe(false);
  });
});
