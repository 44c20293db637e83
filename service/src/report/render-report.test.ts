import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleWithMany } from './sample-extremes.js';
import { hostileTexts, poison, strangeMarkup } from './sample-hostile.js';
import { sampleNowMs } from './sample-plot.js';
import { sampleReport } from './sample-report.js';
import { sampleStates } from './sample-states.js';
import { renderReport } from './render-report.js';

const render = (page: Parameters<typeof renderReport>[0]): string =>
  renderReport(page, sampleNowMs, 'bm9uY2U');
const state = (name: string) => sampleStates.get(name) ?? sampleReport();
const rolledBack = state('rolled-back');

describe('renderReport', () => {
  it.each([...sampleStates.keys()])('%s: known markup only, one h1, unique ids, no broken number', (name) => {
    const page = render(state(name));
    expect(strangeMarkup(page)).toEqual([]);
    expect(page.match(/<h1/g)).toHaveLength(1);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page.replace(/<style.*<\/style>/s, '')).not.toMatch(/NaN|undefined|\[object/);
  });

  it('asks for nothing and runs nothing', () => {
    const page = render(rolledBack);
    expect(page).not.toMatch(/<script|<img|<iframe|\ssrc=|\son[a-z]+=|\sstyle=|@import/i);
    expect(page.match(/url\([^)]*\)/g)?.every((address) => address.startsWith('url(#'))).toBe(true);
  });

  it.each(hostileTexts)('holds %j as text wherever it stands', (hostile) => {
    for (const page of [rolledBack, state('canary-step'), state('inconclusive'), state('held')])
      expect(strangeMarkup(render(poison(page, hostile)))).toEqual([]);
  });

  it.each(['toString', 'valueOf', 'constructor', 'hasOwnProperty', '__proto__'])(
    'takes %s, which every object has, for no word that it knows',
    (inherited) => {
      for (const name of sampleStates.keys())
        expect(strangeMarkup(render(poison(state(name), inherited)))).toEqual([]);
    },
  );

  it('holds any text as text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.stringMatching(/^[<>"'&/=a-z -]{1,30}$/),
    );
    fc.assert(
      fc.property(anything, (hostile) => {
        expect(strangeMarkup(render(poison(rolledBack, hostile)))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('loads itself again while something can change, unless told not to', () => {
    expect(render(state('pending'))).toContain('<meta http-equiv="refresh" content="60"');
    expect(render(state('rolled-back-watching'))).toContain('http-equiv="refresh"');
    expect(render(rolledBack)).not.toContain('http-equiv="refresh"');
    expect(renderReport(state('pending'), sampleNowMs, '', { refresh: false })).not.toContain(
      'http-equiv="refresh"',
    );
  });

  it('draws the warm-up that was judged by, and that of the policy where none was noted', () => {
    const warm = (page: string) => page.match(/<rect class="warmup"/g)?.length ?? 0;
    const noted = (warmupMs: number) => {
      const { evidence } = rolledBack;
      if (evidence === undefined) throw new Error('the sample has evidence');
      return {
        ...rolledBack,
        evidence: { ...evidence, plots: evidence.plots.map((plot) => ({ ...plot, warmupMs })) },
      };
    };
    expect(warm(render(rolledBack))).toBeGreaterThan(0);
    expect(warm(render(noted(0)))).toBe(0);
    expect(warm(render(noted(60_000)))).toBeGreaterThan(warm(render(rolledBack)));
  });

  it('sorts metrics by their share of the evidence', () => {
    const names = [...render(rolledBack).matchAll(/<h3 id="m\d+-h"><bdi>([^<]*)/g)].map(([, name]) => name);
    expect(names).toEqual(['errors', 'resident memory', 'latency p95', 'requests']);
  });

  it('begins an inconclusive report with what was missing', () => {
    expect(/<h3 id="m0-h"><bdi>([^<]*)/.exec(render(state('inconclusive')))?.[1]).toBe('latency p95');
  });

  it('tells a proof from an absence of evidence', () => {
    expect(render(state('continue-proof'))).toContain('Proof: on every required metric');
    expect(render(state('continue-absence'))).toContain('That is weaker than a proof');
  });

  it('begins with the hold, and says what is missing before a step may go on', () => {
    expect(render(state('held'))).toMatch(/<h1[^>]*>.*On hold.*<\/h1>/s);
    expect(render(state('held'))).toMatch(/<li value="\d+">\s*<span[^>]*>(?:(?!<\/span>).)*On hold/s);
    expect(render(state('held'))).toContain('Harm is still rolled back.');
    const waiting = render(state('awaiting-checks'));
    expect(waiting).toMatch(/<h1[^>]*>.*Waiting for checks.*<\/h1>/s);
    expect(waiting).toContain('See to what is missing: release sign-off, smoke.');
    expect(render(state('check-failed'))).toContain('CartTest › adds an item');
  });

  it('links an incident only where a browser may follow', () => {
    const page = state('held');
    const [incident] = page.collaboration.incidents;
    if (incident === undefined) throw new Error('the sample links no incident');
    expect(render(page)).toContain(`href="${incident.url}"`);
    const collaboration = {
      ...page.collaboration,
      incidents: [{ ...incident, url: 'javascript:alert(1)' }],
    };
    expect(render({ ...page, collaboration })).not.toContain('javascript:');
  });

  it('warns of a migration that cannot be reversed before anything else', () => {
    const page = render(state('rollback-irreversible'));
    expect(page.indexOf('cannot be reversed.')).toBeGreaterThan(0);
    expect(page.indexOf('cannot be reversed.')).toBeLessThan(page.indexOf('How sure'));
  });

  it('shows names, and pseudonyms once a name was deleted', () => {
    expect(render(rolledBack)).toContain('Ada Okafor');
    expect(render({ ...rolledBack, people: {} })).toContain('p-77aa');
  });

  it('says that nothing was kept instead of drawing nothing', () => {
    expect(render(state('no-evidence'))).toContain('No samples are kept for this verdict');
    expect(render(state('override'))).toContain('this is what the data showed at verdict #2');
  });

  it('renders 20 metrics of 600 points each without delay', () => {
    const page = sampleWithMany(20, 600);
    const times = Array.from({ length: 30 }, () => {
      const start = performance.now();
      render(page);
      return performance.now() - start;
    }).toSorted((a, b) => a - b);
    const [best = 0] = times;
    console.info(
      `20 × 600: best ${best.toFixed(1)} ms, median ${(times[15] ?? 0).toFixed(1)} ms, ${render(page).length} characters`,
    );
    // 13 ms on an idle core of 2026; the bound leaves room for neighbours and still catches a step that costs as much as all the rest.
    expect(best).toBeLessThan(80);
    expect(render(page).length).toBeLessThan(500_000);
  });
});
