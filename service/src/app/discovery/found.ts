import type { AssessedGroup } from './assess-groups.js';
import type { Proposal } from './propose-policy.js';

/** Whose series are looked for. */
export interface DiscoveryQuery {
  readonly project: string;
  readonly service: string;
  readonly environment?: string;
  readonly source?: string;
  /** Labels of the service's series; absent: those of the place. Variables may stand in them. */
  readonly match?: Readonly<Record<string, string>>;
}

/** What there is to watch; without a policy where nothing of it can be judged. */
export interface Found extends Partial<Proposal> {
  readonly source: string;
  /** Series that were found, of all metrics. */
  readonly series: number;
  readonly metrics: readonly AssessedGroup[];
}
