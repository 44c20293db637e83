import type { GrafanaAnnotation } from '../../domain/grafana-annotation.js';
import type { OutboxMessage } from '../../domain/outbox.js';
import { answered, thrown, type Attempt } from '../attempt.js';
import type { Channel } from '../channel.js';
import type { GuardedFetch, GuardedResponse } from '../guarded-fetch.js';
import {
  annotationsApi,
  idsWithTag,
  type AnnotationsTarget,
  type ExchangeLimits,
} from './annotations-api.js';

export interface AnnotationChannelOptions {
  readonly name: string;
  readonly target: AnnotationsTarget;
  readonly guardedFetch: GuardedFetch;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** How the annotation of a deployment should look now; undefined when it is gone. */
  readonly describe: (deploymentId: string) => Promise<GrafanaAnnotation | undefined>;
}

/**
 * Keeps one annotation a deployment in a Grafana. A message only says that something changed: the annotation is made to look as the
 * deployment stands when it is sent. It is found by its tag, so that nothing is made twice when an attempt is repeated.
 */
export function createAnnotationChannel(options: AnnotationChannelOptions): Channel {
  const { clock, describe } = options;
  const api = annotationsApi(options.target, options.guardedFetch);

  const put = async (wanted: GrafanaAnnotation, limits: ExchangeLimits): Promise<GuardedResponse> => {
    const found = await api.find(wanted, limits);
    if (found.status !== 200) return found;
    const [id] = idsWithTag(found.body, wanted.deploymentTag);
    if (id === undefined) return api.create(wanted, limits);
    const updated = await api.update(id, wanted, limits);
    // Somebody deleted it in between.
    return updated.status === 404 ? api.create(wanted, limits) : updated;
  };

  return {
    name: options.name,
    async attempt(message: OutboxMessage, limits): Promise<Attempt> {
      try {
        const wanted = message.deploymentId === undefined ? undefined : await describe(message.deploymentId);
        if (wanted === undefined) return { kind: 'undeliverable', detail: 'its deployment is gone' };
        return explained(answered(await put(wanted, limits), clock()));
      } catch (error) {
        return thrown(error, limits.signal);
      }
    },
  };
}

/** What people have to do, beside what Grafana says. */
const REMEDIES: Readonly<Record<number, string>> = {
  401: 'the token is not valid; make one for a service account and set annotations[].token',
  403: 'its service account may not do this; give it annotations:read, annotations:create and annotations:write',
  404: 'there is no such dashboard, or this is no Grafana; check annotations[].url and dashboardUID',
};

function explained(attempt: Attempt): Attempt {
  const remedy = attempt.kind === 'answered' ? REMEDIES[attempt.status] : undefined;
  return attempt.kind === 'answered' && remedy !== undefined
    ? { ...attempt, detail: `${attempt.detail}; ${remedy}` }
    : attempt;
}
