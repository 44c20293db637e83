import { calibrationRoutes } from './calibration-routes.js';
import { collaborationRoutes } from './collaboration-routes.js';
import { deploymentRoutes } from './deployment-routes.js';
import { discovery } from './discovery.js';
import { controls, health, outboxPage, readiness, redeliver, redelivery, setControls } from './operations.js';
import { controlsQuery, discoveryQuery, outboxQuery } from './query.js';
import type { Route } from './route.js';
import { samplesRequest, samplesStored } from './samples.js';

/** Every operation; the OpenAPI document is made of it and a test holds the server to it. */
export const routes: readonly Route[] = [
  ...deploymentRoutes,
  ...collaborationRoutes,
  ...calibrationRoutes,
  {
    ...{ method: 'post', path: '/api/v1/samples', id: 'pushSamples', tag: 'samples', role: 'pipeline' },
    summary: 'Push metric samples',
    description:
      'JSON, or NDJSON with one series a line. Everything of a request is stored, durably, or nothing of it. Late samples are welcome; one for a known series and millisecond replaces the earlier one. 429 means: wait `retry-after` seconds and send the same again.',
    ...{
      body: samplesRequest,
      bodyRequired: true,
      success: 202,
      response: samplesStored,
      describes: 'How much was stored.',
      also: [409, 503, 507],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/discovery', id: 'discover', tag: 'samples', role: 'viewer' },
    summary: 'What there is to watch',
    description:
      'Metrics of the last day whose series carry the labels, what each is good for, and a policy made of them. 404 says which labels there are.',
    ...{
      query: discoveryQuery,
      success: 200,
      response: discovery,
      describes: 'What was found.',
      also: [404, 503],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/controls', id: 'getControls', tag: 'administration', role: 'viewer' },
    summary: 'Kill switch and freeze of a project',
    ...{ query: controlsQuery, success: 200, response: controls, describes: 'The switches.' },
  },
  {
    ...{ method: 'put', path: '/api/v1/controls', id: 'setControls', tag: 'administration', role: 'admin' },
    summary: 'Set kill switch and freeze of a project',
    ...{
      query: controlsQuery,
      body: setControls,
      bodyRequired: true,
      success: 200,
      response: controls,
      describes: 'The switches.',
      also: [507],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/outbox', id: 'listOutbox', tag: 'administration', role: 'admin' },
    summary: 'Webhook messages, such as dead ones',
    ...{ query: outboxQuery, success: 200, response: outboxPage, describes: 'The messages.' },
  },
  {
    ...{
      method: 'post',
      path: '/api/v1/outbox/{id}/redeliver',
      id: 'redeliver',
      tag: 'administration',
      role: 'admin',
    },
    summary: 'Send a webhook message again',
    ...{
      body: redeliver,
      success: 202,
      response: redelivery,
      describes: 'It waits for delivery.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'get',
      path: '/healthz',
      id: 'health',
      tag: 'operations',
      success: 200,
      response: health,
      describes: 'The process lives.',
    },
    summary: 'Is the process alive?',
  },
  {
    ...{
      method: 'get',
      path: '/readyz',
      id: 'ready',
      tag: 'operations',
      success: 200,
      response: readiness,
      describes: 'It can work.',
      also: [503],
    },
    summary: 'Can it do its work?',
    description: 'With a token it says how each component is.',
  },
  {
    ...{
      method: 'get',
      path: '/metrics',
      id: 'metrics',
      tag: 'operations',
      role: 'viewer',
      success: 200,
      responseType: 'text/plain',
    },
    ...{ summary: "Bellwether's own metrics in the Prometheus text format", describes: 'The metrics.' },
    description: 'Needs a token unless the server is configured to leave it open.',
  },
  {
    ...{
      method: 'get',
      path: '/openapi.json',
      id: 'openApi',
      tag: 'operations',
      success: 200,
      describes: 'This document.',
    },
    summary: 'This document',
  },
];
