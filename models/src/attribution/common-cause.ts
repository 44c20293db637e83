import type { CommonCause } from './attribution-contract.js';
import type { Movement } from './movement.js';

/** Of the services compared, at least this share moved … */
const SHARE = 0.5;
/** … and at least so many: one alone is a dependency or chance. */
const FEWEST_SERVICES = 2;
/** As many moved together no more often than this in their own past. */
const RARE = 0.05;
/** Fewer moments cannot tell that anything is rare. */
const FEWEST_MOMENTS = 19;

/** One series' movement and whose it is. */
export interface ServiceMovement {
  readonly service: string;
  readonly movement: Movement;
}

/**
 * Whether many services moved with this one: the share of services with a series that moved, ranked among the shares at past moments of
 * the same series, so that services that always move together (traffic, batch jobs) count as one another's habit.
 *
 * @param series all with movements at the same past moments
 * @param moments number of past moments
 * @example commonCause([{ service: 'cart', movement: { now: true, past: [false] } }], 1).moved // ['cart']
 */
export function commonCause(series: readonly ServiceMovement[], moments: number): CommonCause {
  const services = [...new Set(series.map(({ service }) => service))].sort();
  const moved = services.filter((service) =>
    series.some((one) => one.service === service && one.movement.now),
  );
  let asMany = 0;
  for (let k = 0; k < moments; k++) {
    const then = new Set(
      series.flatMap(({ service, movement }) => (movement.past[k] === true ? [service] : [])),
    );
    if (then.size >= moved.length) asMany += 1;
  }
  const p = services.length === 0 || moments < FEWEST_MOMENTS ? undefined : (1 + asMany) / (1 + moments);
  const isMany = moved.length >= FEWEST_SERVICES && moved.length >= SHARE * services.length;
  return {
    likely: isMany && p !== undefined && p <= RARE,
    services: services.length,
    moved,
    ...(p === undefined ? {} : { p }),
  };
}
