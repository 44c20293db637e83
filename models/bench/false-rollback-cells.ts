import type { NoiseShape } from './noise-shape.js';
import type { TrialCell } from './plan-trials.js';
import type { SyntheticService } from './synthetic-service.js';

/** Seven days of minutes and a watch of an hour: 60 looks. */
const BASE = { history: 7 * 1440, gap: 0, looks: 60, day: 1440, alpha: 0.05 };
const METRICS = [1, 20, 100];
const AUTOREGRESSIONS = [0, 0.3, 0.6, 0.9];
const NOISES: readonly NoiseShape[] = ['normal', 'heavy', 'skewed'];
/** The other methods are slow with many metrics, and their rates are nowhere in doubt. */
const MOST_PEER_METRICS = 20;

/** The service of a cell; its id is `1-metric/ar-0.9/season/heavy`. */
export function falseRollbackCells(futures: number): readonly TrialCell[] {
  const services = METRICS.flatMap((metrics) =>
    AUTOREGRESSIONS.flatMap((phi) =>
      [false, true].flatMap((season) =>
        NOISES.map((noise): SyntheticService => ({ ...BASE, metrics, phi, season, noise })),
      ),
    ),
  );
  return services.map((service, position) => ({
    id: [
      `${service.metrics}-metric${service.metrics === 1 ? '' : 's'}`,
      `ar-${service.phi}`,
      service.season ? 'season' : 'flat',
      service.noise,
    ].join('/'),
    subject: { kind: 'service', service },
    position,
    futures,
    peerFutures: service.metrics > MOST_PEER_METRICS ? 0 : 1,
  }));
}
