import { describe, expect, it } from 'vitest';
import { AppError } from '../app/use-cases.js';
import { renderError } from './error-page.js';
import { readIndexQuery } from './index-query.js';
import { renderIndex } from './render-index.js';
import { hostileTexts, strangeMarkup } from './sample-hostile.js';
import { sampleNowMs } from './sample-plot.js';
import { sampleDeployment, sampleFinding, sampleVerdict } from './sample-report.js';

describe('renderIndex', () => {
  it.each(hostileTexts)('holds %j as text', (hostile) => {
    const deployment = sampleDeployment({
      id: hostile,
      service: hostile,
      environment: hostile,
      version: hostile,
    });
    const verdict = sampleVerdict({ findings: [sampleFinding({ name: hostile })] });
    const page = {
      items: [{ deployment, verdict }],
      filters: { project: hostile, service: hostile },
      nextCursor: hostile,
      isLaterPage: false,
    };
    expect(strangeMarkup(renderIndex(page, sampleNowMs, 'n'))).toEqual([]);
    expect(
      strangeMarkup(renderError(new AppError('not-found', hostile, { remedy: hostile }), 'deployments', 'n')),
    ).toEqual([]);
  });

  it('tells a newcomer how to start', () => {
    const page = renderIndex({ items: [], filters: {}, isLaterPage: false }, sampleNowMs, 'n');
    expect(page).toContain('No deployment yet');
    expect(page).toContain('/api/v1/deployments');
  });
});

describe('readIndexQuery', () => {
  it('keeps a caller to their own project and lets one who sees all choose', () => {
    expect(readIndexQuery({ project: 'other' }, { project: 'shop' }).query.project).toBe('shop');
    expect(readIndexQuery({ project: 'other' }, { project: '*' })).toMatchObject({
      query: { project: 'other' },
      filters: { project: 'other' },
    });
    expect(readIndexQuery({}, { project: '*' }).query.project).toBe('default');
  });

  it('names the filter and its choices when one is wrong', () => {
    expect(() => readIndexQuery({ verdict: 'maybe' }, { project: 'shop' })).toThrow(
      expect.objectContaining({
        code: 'invalid',
        info: { field: '/verdict', remedy: expect.stringContaining('inconclusive') as string },
      }) as Error,
    );
    expect(() => readIndexQuery({ service: ['a', 'b'] }, { project: 'shop' })).toThrow(AppError);
  });
});
