import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import { AppError, type Caller, type UseCases } from '../app/use-cases.js';
import { answerTo } from '../http/errors.js';
import { renderError } from './error-page.js';
import { readIndexQuery } from './index-query.js';
import { renderIndex } from './render-index.js';
import { renderReport } from './render-report.js';
import { presentReport } from './report-json.js';
import type { ReportPage } from './report-page.js';

/** What the pages need of the rest of the service. */
export interface ReportDeps {
  readonly useCases: Pick<UseCases, 'reportDeployment' | 'listDeployments' | 'viewDeployment'>;
  /** Who asks; may throw an AppError. */
  readonly callerOf: (req: Request) => Caller;
  readonly clock: () => number;
}

/**
 * `GET /deployments`, `GET /deployments/:id/report` and `GET /deployments/:id/report.json`.
 * Reads the nonce of the content security policy from `res.locals.cspNonce`. Refusals are pages for whoever accepts HTML; all other errors
 * go on to the next error handler.
 */
export function createReportRouter({ useCases, callerOf, clock }: ReportDeps): Router {
  const router = express.Router({ strict: true });

  const load = async (req: Request<{ id: string }>): Promise<ReportPage> => {
    const caller = callerOf(req as Request);
    const report = await useCases.reportDeployment(caller, req.params.id);
    const rollbackId = report.rollbacks.find(
      (rollback) => rollback.rollbackDeploymentId !== undefined,
    )?.rollbackDeploymentId;
    if (rollbackId === undefined) return report;
    return { ...report, ...(await recoveryView(caller, rollbackId)) };
  };

  const recoveryView = async (caller: Caller, id: string): Promise<Pick<ReportPage, 'recovery'>> => {
    try {
      return { recovery: await useCases.viewDeployment(caller, id) };
    } catch (error) {
      // The report stands without it: whoever reads may lack the right, or the record may have been pruned.
      if (error instanceof AppError) return {};
      throw error;
    }
  };

  router.get('/deployments', async (req, res) => {
    const caller = callerOf(req);
    const { query, filters } = readIndexQuery(req.query, caller);
    const found = await useCases.listDeployments(caller, query);
    send(
      res,
      200,
      renderIndex({ ...found, filters, isLaterPage: query.cursor !== undefined }, clock(), nonceOf(res)),
    );
  });
  router.get('/deployments/', (_req, res) => {
    res.redirect(308, '../deployments');
  });
  router.get('/deployments/:id/report', async (req, res) => {
    const page = await load(req);
    send(res, 200, renderReport(page, clock(), nonceOf(res), { refresh: req.query['refresh'] !== 'off' }));
  });
  router.get('/deployments/:id/report.json', async (req, res) => {
    const page = await load(req);
    res.set('cache-control', 'private, no-cache').json(presentReport(page, clock()));
  });
  router.use(pageForRefusal);
  return router;
}

/** Whoever prefers JSON, and everything unexpected, is served by the service's own error handler. */
const pageForRefusal: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const wantsPage = !req.path.endsWith('.json') && req.accepts(['html', 'json']) === 'html';
  if (!(error instanceof AppError) || !wantsPage) {
    next(error);
    return;
  }
  const indexHref = req.path.endsWith('/report') ? '../../deployments' : 'deployments';
  send(res, answerTo(error).problem.status, renderError(error, indexHref, nonceOf(res)));
};

function nonceOf(res: Response): string {
  const nonce: unknown = res.locals['cspNonce'];
  return typeof nonce === 'string' ? nonce : '';
}

function send(res: Response, status: number, page: string): void {
  res.status(status).set('cache-control', 'private, no-cache').type('html').send(page);
}
