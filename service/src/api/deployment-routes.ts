import {
  deployment,
  deploymentDetail,
  deploymentPage,
  feedback,
  rollbackRequested,
  step,
} from './deployment.js';
import {
  beginStep,
  cancelDeployment,
  finishDeployment,
  giveFeedback,
  overrideContinue,
  requestRollback,
  startDeployment,
} from './deployment-request.js';
import { listDeployments, verdictQuery } from './query.js';
import { progress } from './progress.js';
import type { Route } from './route.js';
import { verdict } from './verdict.js';

const one = '/api/v1/deployments/{id}';

/** What is done with deployments. */
export const deploymentRoutes: readonly Route[] = [
  {
    ...{
      method: 'post',
      path: '/api/v1/deployments',
      id: 'startDeployment',
      tag: 'deployments',
      role: 'pipeline',
    },
    summary: 'A deployment begins',
    description:
      'Its first step begins with it and is watched. An older running deployment of the same service and environment is superseded.',
    ...{
      body: startDeployment,
      bodyRequired: true,
      success: 201,
      response: deployment,
      describes: 'The deployment.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'get',
      path: '/api/v1/deployments',
      id: 'listDeployments',
      tag: 'deployments',
      role: 'viewer',
    },
    summary: 'Deployments, newest first',
    ...{ query: listDeployments, success: 200, response: deploymentPage, describes: 'One page.' },
  },
  {
    ...{ method: 'get', path: one, id: 'getDeployment', tag: 'deployments', role: 'viewer' },
    summary: 'Everything of one deployment',
    ...{
      success: 200,
      response: deploymentDetail,
      describes: 'The deployment with steps, watches, verdicts, rollbacks and feedback.',
    },
  },
  {
    ...{
      method: 'post',
      path: `${one}/steps`,
      id: 'beginStep',
      tag: 'deployments',
      role: 'pipeline',
      conditional: true,
    },
    summary: 'The next step begins',
    ...{ body: beginStep, success: 201, response: step, describes: 'The step.', also: [409, 507] },
  },
  {
    ...{
      method: 'post',
      path: `${one}/finish`,
      id: 'finishDeployment',
      tag: 'deployments',
      role: 'pipeline',
      conditional: true,
    },
    summary: 'The rollout is complete',
    description: 'Its last watch goes on to its end.',
    ...{
      body: finishDeployment,
      success: 200,
      response: deployment,
      describes: 'The deployment.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'post',
      path: `${one}/cancel`,
      id: 'cancelDeployment',
      tag: 'deployments',
      role: 'pipeline',
      conditional: true,
    },
    summary: 'The rollout was stopped; nothing more is judged',
    ...{
      body: cancelDeployment,
      success: 200,
      response: deployment,
      describes: 'The deployment.',
      also: [409, 507],
    },
  },
  {
    ...{ method: 'get', path: `${one}/verdict`, id: 'getVerdict', tag: 'verdicts', role: 'viewer' },
    summary: 'The verdict that counts now',
    description:
      'Always 200 with every field, also while `pending`; 304 only when `If-None-Match` names the present sequence. `wait` holds the request until the verdict differs from the one named by `If-None-Match` or `after`, without these until a pending one changes.',
    ...{
      query: verdictQuery,
      success: 200,
      response: verdict,
      describes: 'The verdict; its ETag is the sequence.',
      also: [304, 429],
    },
  },
  {
    ...{ method: 'get', path: `${one}/progress`, id: 'getProgress', tag: 'verdicts', role: 'viewer' },
    summary: 'How the watch stands after its newest look',
    ...{ success: 200, response: progress, describes: 'Looks, findings, and what is still needed.' },
  },
  {
    ...{ method: 'get', path: `${one}/events`, id: 'streamVerdicts', tag: 'verdicts', role: 'viewer' },
    summary: 'Verdicts as server-sent events',
    description:
      'Events named `verdict`; `id` is the sequence, `data` a Verdict. `Last-Event-ID` brings what was missed. Events named `activity` tell of checks, holds, notes and the like as they happen: `data` is `{type, at, data}` with the types of webhooks; they are not sent again.',
    ...{
      success: 200,
      responseType: 'text/event-stream',
      describes: 'The stream; comments keep it alive.',
      also: [429],
    },
  },
  {
    ...{
      method: 'post',
      path: `${one}/rollback`,
      id: 'requestRollback',
      tag: 'people',
      role: 'operator',
      conditional: true,
    },
    summary: 'Ask for a rollback',
    ...{
      body: requestRollback,
      success: 202,
      response: rollbackRequested,
      describes: 'The rollback, which the service now owns.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'post',
      path: `${one}/continue`,
      id: 'overrideContinue',
      tag: 'people',
      role: 'operator',
      conditional: true,
    },
    summary: 'Go on against or before the verdict',
    ...{
      body: overrideContinue,
      bodyRequired: true,
      success: 200,
      response: verdict,
      describes: 'The new verdict.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'post',
      path: `${one}/feedback`,
      id: 'giveFeedback',
      tag: 'people',
      role: 'operator',
      conditional: true,
    },
    summary: 'Was the verdict right?',
    description: 'Entries are only added; one with `retracts` takes back an earlier one.',
    ...{
      body: giveFeedback,
      bodyRequired: true,
      success: 201,
      response: feedback,
      describes: 'What was noted.',
      also: [409, 507],
    },
  },
];
