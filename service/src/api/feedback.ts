import { z } from 'zod';
import { lineOfText } from './scalars.js';
import { strictObject } from './strict-object.js';

/** What a person can say of a verdict. */
export const judgements = ['right', 'wrong', 'false-rollback', 'missed-harm', 'unsure'] as const;

/** Whether a metric helped to judge the release. */
export const metricRelevance = strictObject({
  name: lineOfText(200),
  relevance: z.enum(['useful', 'noise']),
}).meta({ id: 'MetricRelevance', example: { name: 'queue length', relevance: 'noise' } });
