import { routes } from '../api/routes.js';

/** Pages for people, which the API's description leaves out. */
const PAGES = ['/', '/deployments', '/deployments/{id}/report', '/deployments/{id}/report.json'];
/** Ways in that other tools define, which the API's description leaves out too. */
const DIALECTS = ['/api/v1/write', '/write', '/ping', '/api/v2/write', '/v1/metrics'];
/** Where other tools send deployments; the API's description leaves them out too. */
const HOOKS = ['/hooks/{name}', '/hooks/{name}/{topic}'];
/** Everything else, so that addresses that clients make up share one name. */
export const OTHER_ROUTE = 'other';

const templates = [...new Set([...routes.map(({ path }) => path), ...PAGES, ...DIALECTS, ...HOOKS])].map(
  (template) => ({ template, parts: template.split('/') }),
);

/** A request's route template, as the API's description writes it, and the id in it. */
export interface RouteMatch {
  readonly template: string;
  readonly id?: string;
}

/**
 * @param path of a request, without its query
 * @example matchRoute('/api/v1/deployments/d-1/verdict') // { template: '/api/v1/deployments/{id}/verdict', id: 'd-1' }
 */
export function matchRoute(path: string): RouteMatch {
  const given = path.split('/');
  const found = templates.find(
    ({ parts }) => parts.length === given.length && parts.every((part, i) => fits(part, given[i] ?? '')),
  );
  if (found === undefined) return { template: OTHER_ROUTE };
  const id = given[found.parts.indexOf('{id}')];
  return { template: found.template, ...(id === undefined ? {} : { id }) };
}

function fits(part: string, given: string): boolean {
  return part.startsWith('{') ? given !== '' : part === given;
}
