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

/** Times of the day at which somebody may always deploy. */
const MOMENTS: readonly (readonly [word: string, angle: number])[] = [
  ['climb', 0],
  ['top', Math.PI / 2],
  ['fall', Math.PI],
  ['bottom', (3 * Math.PI) / 2],
];

function cellOf(service: SyntheticService, when: string, position: number, futures: number): TrialCell {
  const { metrics, phi, noise } = service;
  return {
    id: `${metrics}-metric${metrics === 1 ? '' : 's'}/ar-${phi}/${when}/${noise ?? 'normal'}`,
    subject: { kind: 'service', service },
    position,
    futures,
    peerFutures: metrics > MOST_PEER_METRICS ? 0 : 1,
  };
}

/** The grid; ids are of the form `1-metric/ar-0.9/season/heavy`. */
export function gridCells(futures: number): readonly TrialCell[] {
  const services = METRICS.flatMap((metrics) =>
    AUTOREGRESSIONS.flatMap((phi) =>
      [false, true].flatMap((season) =>
        NOISES.map((noise): SyntheticService => ({ ...BASE, metrics, phi, season, noise })),
      ),
    ),
  );
  return services.map((service, position) =>
    cellOf(service, service.season ? 'season' : 'flat', position, futures),
  );
}

/** Seasonal services that are always deployed at the same time of the day; ids are of the form `1-metric/ar-0.6/climb/heavy`. */
export function momentCells(futures: number): readonly TrialCell[] {
  const first = gridCells(futures).length;
  return [1, 20]
    .flatMap((metrics) =>
      NOISES.flatMap((noise) =>
        MOMENTS.map(([when, angle]) => ({
          when,
          service: { ...BASE, metrics, phi: 0.6, season: true, noise, angle },
        })),
      ),
    )
    .map(({ service, when }, index) => cellOf(service, when, first + index, futures));
}
