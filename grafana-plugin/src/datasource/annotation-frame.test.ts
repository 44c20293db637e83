import type { DataFrame } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { NOON_MS, region, wireVerdict } from '../verdicts/region.test-support.js';
import { annotationFrame } from './annotation-frame.js';

const value = (frame: DataFrame, name: string, row = 0): unknown =>
  frame.fields.find((field) => field.name === name)?.values[row];

describe('deployments as annotations', () => {
  it.each([
    ['rollback', 'alerting'],
    ['continue', 'ok'],
    ['pending', 'pending'],
    ['inconclusive', 'pending'],
  ] as const)('%s is drawn as %s', (verdict, state) => {
    const frame = annotationFrame([region({ latestVerdict: wireVerdict({ verdict }) })], 0, '');
    expect(value(frame, 'newState')).toBe(state);
  });

  it('never draws a verdict that it does not know as continue', () => {
    const verdict = wireVerdict({ verdict: 'splendid' as 'continue' });
    const frame = annotationFrame([region({ latestVerdict: verdict })], 0, '');
    expect(value(frame, 'newState')).toBe('pending');
    expect(value(frame, 'title')).toContain('splendid');
  });

  it('is a region that nobody can edit, with the deployment in its data', () => {
    const one = region();
    const frame = annotationFrame([one], 0, '/grafana');
    expect(value(frame, 'time')).toBe(NOON_MS);
    expect(value(frame, 'timeEnd')).toBe(one.toMs);
    expect(value(frame, 'id')).toBe(0);
    expect(value(frame, 'data')).toEqual({ bellwether: [one] });
    expect(value(frame, 'text')).toContain('href="/grafana/a/bellwether-deployments-app/deployments/d-1"');
  });

  it('lets no name of outside become HTML', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const verdict = wireVerdict({ sentence: { code: 'x', parameters: {}, text: evil } });
    const hostile = region({ id: '"><script>', service: evil, version: evil, latestVerdict: verdict });
    const frame = annotationFrame([hostile], 0, '');
    for (const name of ['title', 'text']) {
      const document = new DOMParser().parseFromString(String(value(frame, name)), 'text/html');
      expect(document.querySelector('img, script')).toBeNull();
      expect(document.body.textContent).toContain('<img src=x');
    }
  });

  it('joins close ones and says how many they are', () => {
    const frame = annotationFrame([region(), region({ id: 'd-2' }, 1)], 60_000, '');
    expect(frame.length).toBe(1);
    expect(value(frame, 'title')).toContain('2 deployments');
  });
});
