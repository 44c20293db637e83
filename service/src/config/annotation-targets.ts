import type { Place } from '../domain/deployment.js';
import type { AnnotationsTarget } from '../delivery/grafana/annotations-api.js';
import type { Config } from './config-schema.js';
import { ConfigError } from './load-config.js';
import { readSecret } from './secret.js';

/** A Grafana that deployments are written down in, with its token read. */
export interface AnnotationSettings {
  /** What messages name as their endpoint; no webhook can be called so. */
  readonly endpoint: string;
  /** The entry in the configuration. */
  readonly field: string;
  readonly scope: Place;
  readonly target: AnnotationsTarget;
}

/** The entries of `annotations[]`. @throws ConfigError naming the entry */
export function annotationTargets(
  config: Config,
  environment: NodeJS.ProcessEnv,
): readonly AnnotationSettings[] {
  return config.annotations.map((entry, index) => {
    const { name, url, token, project, service, environment: where, ...rest } = entry;
    const field = `/annotations/${index}`;
    return {
      endpoint: `grafana:${name}`,
      field,
      scope: { project, service, environment: where },
      target: {
        ...rest,
        url: url.replace(/\/+$/, ''),
        token: tokenOf(token, environment, `${field}/token ("${name}")`),
      },
    };
  });
}

function tokenOf(
  reference: Config['annotations'][number]['token'],
  environment: NodeJS.ProcessEnv,
  field: string,
): string {
  let token: string;
  try {
    token = readSecret(reference, environment);
  } catch (cause) {
    throw new ConfigError(`${field}: ${(cause as Error).message}`, { cause });
  }
  // It stands in a header.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ConfigError(`${field}: what is there is no token; copy it whole, on one line`);
}
