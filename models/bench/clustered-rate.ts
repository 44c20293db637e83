import { compiled, incbi } from 'cephes';

// The library is WebAssembly: under ES modules its functions exist only once this has settled.
await compiled;

/** Trials that share something, such as one past, and how many of them hit. */
export interface Cluster {
  readonly hits: number;
  readonly of: number;
}

/** A rate over clusters; all in [0, 1] but the counts. */
export interface ClusteredRate {
  readonly hits: number;
  readonly of: number;
  readonly share: number;
  /** Robust to what the trials of a cluster have in common. */
  readonly standardError: number;
  /** Independent trials that these are worth, at most as many as there are. */
  readonly effective: number;
}

/**
 * A rate with its standard error between clusters: the linearised variance of a ratio of sums (Cochran 1977, "Sampling Techniques",
 * section 9A.1). The effective number is the one at which independent trials would have that error. Where all trials or none hit,
 * no spread can be seen, and each cluster counts as one trial.
 *
 * @throws RangeError without a trial
 * @example clusteredRate([{ hits: 2, of: 4 }, { hits: 0, of: 4 }]) // share .25, standard error .25
 */
export function clusteredRate(clusters: readonly Cluster[]): ClusteredRate {
  const hits = clusters.reduce((sum, cluster) => sum + cluster.hits, 0);
  const of = clusters.reduce((sum, cluster) => sum + cluster.of, 0);
  if (of === 0) throw new RangeError('a rate needs at least one trial');
  const share = hits / of;
  const count = clusters.length;
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.hits - share * cluster.of) ** 2, 0);
  const variance = count > 1 ? (count / (count - 1)) * (squares / of ** 2) : 0;
  const binomial = share * (1 - share);
  const worth = variance > 0 ? binomial / variance : count;
  const effective = Math.min(of, worth);
  return { hits, of, share, standardError: Math.sqrt(binomial / effective), effective };
}

/**
 * Interval of a clustered rate: Clopper-Pearson at the effective number of trials (Korn & Graubard 1998, "Confidence intervals for
 * proportions with small expected number of positive counts estimated from survey data").
 *
 * @param tail probability beyond each end, in (0, 0.5); 0.025 gives a 95 % interval
 * @example clusteredInterval({ hits: 3, of: 100, share: 0.03, standardError: 0.017, effective: 100 }, 0.025) // .0062 … .0852
 */
export function clusteredInterval(
  { share, effective }: ClusteredRate,
  tail: number,
): { readonly low: number; readonly high: number } {
  const hits = share * effective;
  return {
    low: hits > 0 ? incbi(hits, effective - hits + 1, tail) : 0,
    high: hits < effective ? incbi(hits + 1, effective - hits, 1 - tail) : 1,
  };
}
