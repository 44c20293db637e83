/** What is watched beside the metrics that a policy names, so that the unforeseen shows up. */
export interface DiscoveryRule {
  /** A configured source; without it what was pushed. */
  readonly source?: string;
  /** Labels that a series of the service carries; values may hold `{{service}}` and `{{environment}}`, and `''` is without the label. */
  readonly match: Readonly<Record<string, string>>;
  /** Names that are left alone; `*` stands for any letters. */
  readonly ignore: readonly string[];
  /** Most metrics that are added. */
  readonly limit: number;
}

/** What a discovery came to when a deployment started. */
export interface DiscoveryOutcome {
  readonly source: string;
  /** Metrics that were added to the policy, as its group `discovered`. */
  readonly watched: number;
  /** Metrics that were found and not added: not of use, ignored, or beyond the limit. */
  readonly leftOut: number;
  /** Why nothing could be looked for; the deployment is judged by what its policy names. */
  readonly problem?: string;
}

/** The group of the metrics that no policy names. */
export const DISCOVERED_GROUP = 'discovered';
