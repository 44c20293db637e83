import { findRegions, type RegionFilter } from './find-regions.js';
import type { Region } from './region.js';
import { appReader } from './service-client.js';
import type { ServiceTrouble } from './service-trouble.js';
import { useAnswer } from './use-answer.js';

/** Deployments as they were found last; what was found stays visible while the service is away. */
export interface RegionsFound {
  readonly regions: readonly Region[];
  readonly truncated: boolean;
  readonly isLoading: boolean;
  readonly trouble: ServiceTrouble | undefined;
  readonly retry: () => void;
}

const none: readonly Region[] = [];

/**
 * Deployments of a filter and a range, through the app's proxy.
 * @param beat asked again when it changes
 */
export function useRegions(filter: RegionFilter, fromMs: number, toMs: number, beat = 0): RegionsFound {
  const { answer, ...rest } = useAnswer(JSON.stringify([filter, fromMs, toMs, beat]), () =>
    findRegions(appReader(), filter, { fromMs, toMs, nowMs: Date.now() }),
  );
  return { regions: answer?.regions ?? none, truncated: answer?.truncated ?? false, ...rest };
}
