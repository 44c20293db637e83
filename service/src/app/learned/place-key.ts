import type { Place } from '../../domain/deployment.js';

/** A place as one text, the same for the same place whatever else stands beside it. */
export function placeKey({ project, service, environment }: Place): string {
  return JSON.stringify([project, service, environment]);
}
