import type { CandidateDeployment } from './attribution-contract.js';
import type { Moved } from './scope-likelihood.js';
import type { ServiceGraph } from './service-graph.js';

/** What is known when causes are ranked. */
export interface RankingEvidence {
  readonly intervalMs: number;
  readonly startMs: number;
  readonly judged: CandidateDeployment;
  readonly rivals: readonly CandidateDeployment[];
  /** For each index of the grid, that the shift of the judged service begins there. */
  readonly onset: Float64Array;
  /** Intervals in which a shift was looked for. */
  readonly places: number;
  /** The same as `onset` for other services that moved. */
  readonly onsets: ReadonlyMap<string, Float64Array>;
  readonly moved: Moved;
  /** How far each service moved, in units of its own past movements; a service that could not be judged is missing. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly graph: ServiceGraph;
  readonly armsDiffer: boolean;
}
