import type { Trace } from '../scoring/trace.js';

/** One metric replayed at every placebo (same order as the plan's), and what is needed to judge it live. */
export interface Replay<Model> {
  readonly traces: readonly Trace[];
  readonly model: Model;
}
