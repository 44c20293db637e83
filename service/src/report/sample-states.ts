import type { ReportPage } from './report-page.js';
import { attributionStates } from './sample-attribution.js';
import { collaborationStates } from './sample-collaboration.js';
import { decisionStates } from './sample-decisions.js';
import { extremeStates } from './sample-extremes.js';
import { rollbackStates } from './sample-rollbacks.js';

/** Every state that a report can be in, by name. */
export const sampleStates: ReadonlyMap<string, ReportPage> = new Map(
  Object.entries({
    ...decisionStates,
    ...attributionStates,
    ...rollbackStates,
    ...extremeStates,
    ...collaborationStates,
  }),
);
