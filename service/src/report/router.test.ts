import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, type Caller } from '../app/use-cases.js';
import type { DeploymentQuery } from '../store/port.js';
import { createReportRouter, type ReportDeps } from './router.js';
import { sampleNowMs } from './sample-plot.js';
import { sampleDeployment, sampleRollback } from './sample-report.js';
import { rollbackStates } from './sample-rollbacks.js';

const caller: Caller = {
  name: 'tester',
  role: 'viewer',
  project: 'shop',
  service: '*',
  environment: '*',
  authentication: 'token:t-1',
};
const queries: DeploymentQuery[] = [];
const { recovery, ...rolledBack } = rollbackStates['rolled-back'];

const useCases: ReportDeps['useCases'] = {
  reportDeployment: (_caller, id) => {
    if (id === 'dep-7f3a') return Promise.resolve(rolledBack);
    if (id === 'no-right')
      return Promise.resolve({
        ...rolledBack,
        rollbacks: [sampleRollback({ rollbackDeploymentId: 'hidden' })],
      });
    if (id === 'secret')
      return Promise.reject(new AppError('forbidden', 'the token may not read this service'));
    if (id === 'broken') return Promise.reject(new Error('a bug'));
    return Promise.reject(new AppError('not-found', `there is no deployment "${id}"`));
  },
  viewDeployment: (_caller, id) =>
    id === 'hidden' || recovery === undefined
      ? Promise.reject(new AppError('forbidden', 'hidden'))
      : Promise.resolve(recovery),
  listDeployments: (_caller, query) => {
    queries.push(query);
    const items = query.service === undefined ? [{ deployment: sampleDeployment({ id: 'a/b c' }) }] : [];
    return Promise.resolve({ items, ...(query.cursor === undefined ? { nextCursor: 'n&1' } : {}) });
  },
};

const problem: ErrorRequestHandler = (error: Error, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  res.status(error instanceof AppError ? 418 : 500).json({ problem: error.message });
};

describe('report router', () => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    const app = express();
    app.use((_req, res, next) => {
      res.locals['cspNonce'] = 'abc';
      next();
    });
    app.use('/base', createReportRouter({ useCases, callerOf: () => caller, clock: () => sampleNowMs }));
    app.use(problem);
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
  });
  afterAll(() => server.close());

  const get = (path: string, accept = 'text/html') =>
    fetch(origin + path, { headers: { accept }, redirect: 'manual' });

  it('serves the report with the recovery of the rollback’s own deployment', async () => {
    const answer = await get('/deployments/dep-7f3a/report');
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(page).toContain('<style nonce="abc">');
    expect(page).toContain('the service recovered after the rollback');
  });

  it('stands without a recovery that the caller may not see', async () => {
    const page = await (await get('/deployments/no-right/report')).text();
    expect(page).toContain('no recovery watch is known');
  });

  it('serves the same as JSON', async () => {
    const answer = await get('/deployments/dep-7f3a/report.json', '*/*');
    const report = (await answer.json()) as Record<string, unknown>;
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(report).toMatchObject({
      schema: 'bellwether.report/1',
      headline: { word: 'Rolled back', tone: 'bad' },
      deployment: { id: 'dep-7f3a', startedAt: '2026-11-23T03:02:00.000Z' },
      verdict: { verdict: 'rollback', sequence: 2 },
      recovery: { deploymentId: 'dep-7f3b', verdict: { verdict: 'continue' } },
    });
    expect(JSON.stringify(report)).not.toMatch(/AtMs"/);
    expect(Object.keys(report)).toEqual([
      'schema',
      'generatedAt',
      'headline',
      'deployment',
      'steps',
      'verdict',
      'verdicts',
      'rollbacks',
      'recovery',
      'feedback',
      'checks',
      'notes',
      'incidents',
      'acknowledgements',
      'ticks',
      'evidence',
      'audit',
      'people',
    ]);
  });

  it.each([
    ['/deployments/missing/report', 404, 'There is no such deployment'],
    ['/deployments/secret/report', 403, 'You may not see this'],
    ['/deployments?state=flying', 400, 'choose one of running, finished'.replace('c', 'C')],
    ['/deployments?service=a&service=b', 400, 'not a short text'],
  ])('%s is a page for people: %d', async (path, status, text) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(text);
  });

  it('leaves refusals to the error handler for whoever wants JSON, and bugs always', async () => {
    expect(await (await get('/deployments/missing/report', 'application/json')).json()).toEqual({
      problem: 'there is no deployment "missing"',
    });
    expect((await get('/deployments/missing/report.json')).status).toBe(418);
    expect((await get('/deployments/broken/report')).status).toBe(500);
  });

  it('lists, filters and pages', async () => {
    const page = await (await get('/deployments?verdict=rollback&environment=prod&state=')).text();
    expect(queries.at(-1)).toEqual({ project: 'shop', environment: 'prod', verdict: 'rollback', limit: 50 });
    expect(page).toContain('href="deployments/a%2Fb%20c/report"');
    expect(page).toContain('href="deployments?environment=prod&amp;verdict=rollback&amp;cursor=n%261"');
    expect(page).toMatch(/<option value="rollback"\s+selected="selected">/);
    const older = await (await get('/deployments?cursor=n%261')).text();
    expect(older).toContain('Newest');
    expect(older).not.toContain('Older deployments');
  });

  it('says how to start, and what to do when nothing matches', async () => {
    expect(await (await get('/deployments?service=none')).text()).toContain('No deployment matches');
    expect((await get('/deployments/')).headers.get('location')).toBe('../deployments');
  });
});
