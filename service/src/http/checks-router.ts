import { Router } from 'express';
import type { Request } from 'express';
import { junitQuery, reportCheck } from '../api/collaboration-request.js';
import { noQuery } from '../api/query.js';
import { presentCheck, presentStanding } from '../app/present-collaboration.js';
import type { CheckReport } from '../app/use-cases.js';
import { answer, sendAnswer } from './answer.js';
import { callerOf } from './authentication-gate.js';
import { createReportBody } from './body.js';
import { idOf } from './command.js';
import { decodeJunit } from './decode-junit.js';
import type { RouterDeps } from './router-deps.js';
import { validate } from './validate.js';

/** `…/{id}/checks`: proof beside the metrics, as JSON or as a JUnit report. */
export function createChecksRouter({ useCases, idempotent, limits }: RouterDeps): Router {
  const router = Router();

  router.post('/:id/checks', ...createReportBody(limits), async (request, response) => {
    const caller = callerOf(request);
    const { answer: answered, replayed } = await idempotent(request, caller, async (once) => {
      const report = await reportOf(request);
      const id = idOf(request);
      const held = useCases.under(caller, once === undefined ? {} : { once });
      const check = await held.reportCheck(caller, id, report);
      const { deployment } = await useCases.viewChecks(caller, id);
      return answer(201, presentCheck(check, deployment));
    });
    if (replayed) response.set('idempotent-replayed', 'true');
    sendAnswer(response, answered);
  });

  router.get('/:id/checks', async (request, response) => {
    validate(noQuery, request.query, 'parameters');
    const { deployment, checks, required } = await useCases.viewChecks(callerOf(request), idOf(request));
    response.json({
      items: checks.map((check) => presentCheck(check, deployment)),
      required: required.map(presentStanding),
    });
  });

  return router;
}

/** A JUnit report says by itself how the tests went; what it is called stands in the query. */
async function reportOf(request: Request): Promise<CheckReport> {
  const body: unknown = request.body;
  if (typeof body !== 'string' || request.is(['application/xml', 'text/xml']) === false) {
    validate(noQuery, request.query, 'parameters');
    return validate(reportCheck, body, 'body');
  }
  const query = validate(junitQuery, request.query, 'parameters');
  const tests = await decodeJunit(body);
  const state = tests.failures + tests.errors > 0 ? 'failed' : 'passed';
  return { ...query, kind: 'junit', state, tests };
}
