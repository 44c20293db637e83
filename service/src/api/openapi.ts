import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { ResponseConfig, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problem } from './problem.js';
import { idPath, servicePath } from './query.js';
import { routes } from './routes.js';
import type { Route } from './route.js';
import { sampleSeries } from './samples.js';

const errorTitles: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` names each field and the remedy.',
  401: 'A valid token is needed.',
  403: 'The token does not allow this.',
  404: 'There is no such thing, or it lies outside the scope of the token.',
  409: 'It conflicts with what is there, or the idempotency key is in use or belongs to another request.',
  412: '`If-Match` names another revision.',
  413: 'The body is too big.',
  415: 'This kind of body is not understood.',
  429: 'Too many requests; wait `retry-after` seconds.',
  503: 'Not possible now; wait `retry-after` seconds.',
  507: 'The disk of the server is full; nothing was stored.',
};

/** The OpenAPI 3.1 description of the whole API, made from the same schemas that validate requests. */
export function openApiDocument(): ReturnType<OpenApiGeneratorV31['generateDocument']> {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token `bw_<id>_<secret>` with a role (viewer, pipeline, operator, admin) and a scope of project, service and environment.',
  });
  for (const route of routes) registry.registerPath(operation(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Bellwether',
      version: '1.0.0',
      description:
        'Deployment verdicts with a false-rollback rate that you set and can check. Times are RFC 3339; errors are RFC 9457.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'deployments', description: 'Deployments and their steps.' },
      { name: 'verdicts', description: 'Continue or roll back?' },
      { name: 'checks', description: 'Proof beside the metrics.' },
      { name: 'people', description: 'What people decide.' },
      { name: 'services', description: 'How well verdicts on a service hold.' },
      { name: 'samples', description: 'Metrics in.' },
      { name: 'administration', description: 'Brakes and webhook messages.' },
      { name: 'operations', description: 'For those who run the server.' },
    ],
  });
}

function operation(route: Route): RouteConfig {
  const { query, headers } = { query: route.query, headers: requestHeaders(route) };
  return {
    method: route.method,
    path: route.path,
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: route.role === undefined ? [] : [{ token: [] }],
    ...(route.role === undefined ? {} : { 'x-role': route.role }),
    request: {
      ...(route.path.includes('{id}') ? { params: idPath } : {}),
      ...(route.path.includes('{service}') ? { params: servicePath } : {}),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
      ...(route.body === undefined ? {} : { body: requestBody(route, route.body) }),
    },
    responses: { [route.success]: success(route), ...failures(route) },
  };
}

function requestHeaders(route: Route): z.ZodObject | undefined {
  const key = z.string().max(200).optional().meta({
    description: 'Makes the request safe to repeat for 24 hours.',
    example: 'b7f1c1de-0c1d-4a8e-8f5e-1f7f0a9b1c55',
  });
  const match = z
    .string()
    .optional()
    .meta({ description: 'Revision that the change is based on.', example: '"3"' });
  const noneMatch = z
    .string()
    .optional()
    .meta({ description: 'Sequence that the client has.', example: '"2"' });
  const lastEventId = z
    .string()
    .optional()
    .meta({ description: 'Sequence of the last event received.', example: '2' });
  const headers = {
    ...(route.method === 'post' ? { 'Idempotency-Key': key } : {}),
    ...(route.conditional === true ? { 'If-Match': match } : {}),
    ...(route.id === 'getVerdict' ? { 'If-None-Match': noneMatch } : {}),
    ...(route.responseType === 'text/event-stream' ? { 'Last-Event-ID': lastEventId } : {}),
  };
  return Object.keys(headers).length === 0 ? undefined : z.object(headers);
}

function requestBody(
  route: Route,
  schema: z.ZodType,
): NonNullable<NonNullable<RouteConfig['request']>['body']> {
  const lines = { schema: sampleSeries };
  const junitReport = { type: 'string', description: 'A JUnit report.' } as const;
  return {
    required: route.bodyRequired ?? false,
    content: {
      'application/json': { schema },
      ...(route.id === 'pushSamples' ? { 'application/x-ndjson': lines } : {}),
      ...(route.id === 'reportCheck' ? { 'application/xml': { schema: junitReport } } : {}),
    },
  };
}

function success(route: Route): ResponseConfig {
  const headers = successHeaders(route);
  return {
    description: route.describes,
    ...(headers === undefined ? {} : { headers }),
    content: successContent(route),
  };
}

function successContent(route: Route): NonNullable<ResponseConfig['content']> {
  if (route.responseType !== undefined) return { [route.responseType]: { schema: { type: 'string' } } };
  return { 'application/json': { schema: route.response ?? { type: 'object' } } };
}

function successHeaders(route: Route): z.ZodObject | undefined {
  const text = z.string();
  const headers = {
    ...(route.id === 'startDeployment'
      ? { Location: text.meta({ description: 'Address of the deployment.' }) }
      : {}),
    ...(hasTag(route)
      ? { ETag: text.meta({ description: 'Revision or sequence, for If-Match and If-None-Match.' }) }
      : {}),
    ...(route.id === 'listDeployments'
      ? { Link: text.optional().meta({ description: 'The next page, with rel="next".' }) }
      : {}),
    ...(route.method === 'post'
      ? { 'Idempotent-Replayed': text.optional().meta({ description: '`true` on a repeated key.' }) }
      : {}),
  };
  return Object.keys(headers).length === 0 ? undefined : z.object(headers);
}

function hasTag(route: Route): boolean {
  return ['startDeployment', 'getDeployment', 'finishDeployment', 'cancelDeployment', 'getVerdict'].includes(
    route.id,
  );
}

function failures(route: Route): Record<string, ResponseConfig> {
  return Object.fromEntries(failureStatuses(route).map((status) => [String(status), failure(route, status)]));
}

function failureStatuses(route: Route): number[] {
  const statuses = new Set<number>(route.also ?? []);
  if (route.role !== undefined) for (const status of [401, 403, 429]) statuses.add(status);
  if (/\{(?:id|service)\}/.test(route.path)) statuses.add(404);
  if (route.body !== undefined) for (const status of [413, 415]) statuses.add(status);
  if (route.body !== undefined || route.query !== undefined || route.path.includes('{id}')) statuses.add(400);
  if (route.conditional === true) statuses.add(412);
  return [...statuses].toSorted((a, b) => a - b);
}

function failure(route: Route, status: number): ResponseConfig {
  if (status === 304) return { description: 'The verdict is still the one that `If-None-Match` names.' };
  const schema = route.id === 'ready' && route.response !== undefined ? route.response : problem;
  const type = schema === problem ? 'application/problem+json' : 'application/json';
  const retryAfter = z.object({ 'Retry-After': z.string().meta({ description: 'Seconds.' }) });
  return {
    description: errorTitles[status] ?? 'Error',
    ...(status === 429 ? { headers: retryAfter } : {}),
    content: { [type]: { schema } },
  };
}
