import type { Place } from '../../domain/deployment.js';
import type { HealthSummary } from './summarise-releases.js';

/** What is asked for: releases of one project in a range, by period. */
export interface HealthQuery {
  readonly project: string;
  readonly service?: string;
  readonly environment?: string;
  /** Releases that began in [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
  readonly everyMs: number;
  /** Places of one page. */
  readonly limit: number;
  /** The last place of the page before. */
  readonly after?: Pick<Place, 'service' | 'environment'>;
}

/** One period in which something happened. */
export interface HealthPeriod extends HealthSummary {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PlaceHealth {
  readonly place: Place;
  readonly total: HealthSummary;
  /** Oldest first; periods without a release and without a check are left out. */
  readonly periods: readonly HealthPeriod[];
}

export interface HealthPage {
  readonly items: readonly PlaceHealth[];
  /** There are more places behind this one. */
  readonly last?: Pick<Place, 'service' | 'environment'>;
}
