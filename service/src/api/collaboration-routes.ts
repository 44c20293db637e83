import { acknowledgement, check, checkList, holdAnswer, incident, note, noteList } from './collaboration.js';
import {
  acknowledgeDeployment,
  addNote,
  holdDeployment,
  linkIncident,
  proceedDeployment,
  reportCheck,
} from './collaboration-request.js';
import type { Route } from './route.js';

const one = '/api/v1/deployments/{id}';

/** Checks beside the metrics, and what people say and decide. */
export const collaborationRoutes: readonly Route[] = [
  {
    ...{ method: 'post', path: `${one}/checks`, id: 'reportCheck', tag: 'checks', role: 'pipeline' },
    summary: 'Report a check: smoke test, JUnit report, sign-off, change approval',
    description:
      'JSON, or a JUnit report as `application/xml` with the query `name` (and `step`, `link`): its tests are counted and it has passed when none failed. Sign-offs and change approvals need the role operator, unless the policy names another one for that check. A failed check that the policy requires decides as the policy says.',
    ...{
      body: reportCheck,
      bodyRequired: true,
      success: 201,
      response: check,
      describes: 'The check as it stands.',
      also: [409, 507],
    },
  },
  {
    ...{ method: 'get', path: `${one}/checks`, id: 'listChecks', tag: 'checks', role: 'viewer' },
    summary: 'Checks of a deployment, and those that it still needs',
    ...{ success: 200, response: checkList, describes: 'The checks.' },
  },
  {
    ...{
      method: 'post',
      path: `${one}/hold`,
      id: 'holdDeployment',
      tag: 'people',
      role: 'operator',
      conditional: true,
    },
    summary: 'Hold: nothing goes on until somebody proceeds',
    description:
      'Needs a role of the policy’s `holdRoles`. No `continue` and no `inconclusive` is given while it stands; `rollback` is, and automatic rollbacks are carried out unless `stopsRollback` says otherwise.',
    ...{
      body: holdDeployment,
      bodyRequired: true,
      success: 200,
      response: holdAnswer,
      describes: 'The hold and the verdict under it.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'post',
      path: `${one}/proceed`,
      id: 'proceedDeployment',
      tag: 'people',
      role: 'operator',
      conditional: true,
    },
    summary: 'Lift a hold',
    ...{
      body: proceedDeployment,
      bodyRequired: true,
      success: 200,
      response: holdAnswer,
      describes: 'The verdict that it held back.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'post',
      path: `${one}/acknowledge`,
      id: 'acknowledgeDeployment',
      tag: 'people',
      role: 'operator',
    },
    summary: '"I have this"',
    ...{
      body: acknowledgeDeployment,
      success: 200,
      response: acknowledgement,
      describes: 'Who has it.',
      also: [409, 507],
    },
  },
  {
    ...{ method: 'post', path: `${one}/notes`, id: 'addNote', tag: 'people', role: 'pipeline' },
    summary: 'Write down a note or a lesson',
    ...{
      body: addNote,
      bodyRequired: true,
      success: 201,
      response: note,
      describes: 'The note.',
      also: [409, 507],
    },
  },
  {
    ...{ method: 'get', path: `${one}/notes`, id: 'listNotes', tag: 'people', role: 'viewer' },
    summary: 'Notes and lessons, oldest first',
    ...{ success: 200, response: noteList, describes: 'The notes.' },
  },
  {
    ...{ method: 'post', path: `${one}/incidents`, id: 'linkIncident', tag: 'people', role: 'pipeline' },
    summary: 'Link where an incident is worked on',
    ...{
      body: linkIncident,
      bodyRequired: true,
      success: 201,
      response: incident,
      describes: 'The link.',
      also: [409, 507],
    },
  },
];
