import { useMemo } from 'react';
import { type RegionsFound, useRegions } from '../verdicts/use-regions.js';
import { useBeat } from './use-beat.js';

const DAY_MS = 86_400_000;
/** A watch takes minutes; a page that asked more often would show nothing new. */
const REFRESH_EVERY_MS = 10_000;
const everything = { services: [], environments: [], verdicts: [], label: '' };

/** Deployments of the last days, followed live. */
export function usePeriodRegions(days: number): RegionsFound {
  const beat = useBeat(REFRESH_EVERY_MS);
  const nowMs = useMemo(() => Date.now(), [beat, days]);
  return useRegions(everything, nowMs - days * DAY_MS, nowMs);
}
