import type { ReleaseOutcome } from '../../domain/release-outcome.js';
import { summariseReleases } from './summarise-releases.js';
import type { PlaceHealth } from './health-over-time.js';

/** A service with one release that continued, in a range. */
export function fakeHealth(project: string, fromMs: number, toMs: number): PlaceHealth {
  const release: ReleaseOutcome = {
    ...{ deploymentId: 'd-1', startedAtMs: fromMs, firstVerdictAtMs: fromMs + 60_000 },
    ...{ state: 'finished', verdict: 'continue', feedback: [], verdicts: [] },
  };
  const total = summariseReleases([release], []);
  return {
    place: { project, service: 'checkout', environment: 'production' },
    total,
    periods: [{ fromMs, toMs, ...total }],
  };
}
