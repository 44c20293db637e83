import type { GrafanaAnnotation } from '../../domain/grafana-annotation.js';
import { FetchError, type GuardedFetch, type GuardedResponse } from '../guarded-fetch.js';

/** Where annotations are written, as whom, and on what. */
export interface AnnotationsTarget {
  /** Grafana's root URL, without a slash at its end. */
  readonly url: string;
  /** Token of a service account that may read and write annotations. */
  readonly token: string;
  /** Only on this dashboard; absent: for every dashboard of the organisation that asks by tag. */
  readonly dashboardUID?: string;
  /** Only on this panel of it. */
  readonly panelId?: number;
  /** Added to every annotation. */
  readonly tags: readonly string[];
}

export interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The three calls of Grafana's annotation API that are needed: `GET`, `POST` and `PATCH /api/annotations`. */
export function annotationsApi(target: AnnotationsTarget, guardedFetch: GuardedFetch) {
  const call = (
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body: object | undefined,
    limits: ExchangeLimits,
  ): Promise<GuardedResponse> =>
    guardedFetch({
      url: `${target.url}/api/annotations${path}`,
      method,
      headers: {
        authorization: `Bearer ${target.token}`,
        accept: 'application/json',
        'user-agent': 'bellwether',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      read: 'whole',
      ...limits,
    });

  return {
    /** Annotations that carry the tag of the deployment. */
    find: ({ deploymentTag }: GrafanaAnnotation, limits: ExchangeLimits) => {
      const query = new URLSearchParams({ type: 'annotation', limit: '5' });
      for (const one of ['bellwether', deploymentTag]) query.append('tags', one);
      if (target.dashboardUID !== undefined) query.set('dashboardUID', target.dashboardUID);
      return call('GET', `?${query.toString()}`, undefined, limits);
    },
    create: (annotation: GrafanaAnnotation, limits: ExchangeLimits) =>
      call('POST', '', { ...content(target, annotation), ...placeOf(target) }, limits),
    update: (id: number, annotation: GrafanaAnnotation, limits: ExchangeLimits) =>
      call('PATCH', `/${id}`, content(target, annotation), limits),
  };
}

function content({ tags }: AnnotationsTarget, annotation: GrafanaAnnotation) {
  return {
    time: annotation.startMs,
    timeEnd: annotation.endMs,
    tags: [...annotation.tags, ...tags],
    text: annotation.text,
  };
}

function placeOf({ dashboardUID, panelId }: AnnotationsTarget) {
  return {
    ...(dashboardUID === undefined ? {} : { dashboardUID }),
    ...(panelId === undefined ? {} : { panelId }),
  };
}

/**
 * The ids of annotations in an answer of Grafana that carry a tag; the check is ours, so that a server which ignores the filter never has
 * somebody else's annotation overwritten.
 * @throws FetchError `protocol` when it is no list of annotations
 */
export function idsWithTag(body: string, tag: string): readonly number[] {
  const list = parsed(body);
  if (!Array.isArray(list))
    throw new FetchError(
      'protocol',
      'the answer is no list of annotations; check that the URL is that of Grafana',
    );
  return (list as readonly { readonly id?: unknown; readonly tags?: unknown }[])
    .filter(({ tags }) => Array.isArray(tags) && tags.includes(tag))
    .flatMap(({ id }) => (typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? [id] : []))
    .toSorted((a, b) => a - b);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
