import { z } from 'zod';
import { optional, strictObject } from '../api/strict-object.js';

const labelName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'is not a label name; use letters, digits and _ (dots of OpenTelemetry become _)',
  );

const pattern = z.string().max(500).refine(isPattern, 'is not a regular expression; correct it');

/** A fixed text, or a label, whole or the first group of a pattern; a bare text is the name of a label. */
const placeValue = z.union(
  [
    labelName,
    strictObject({ value: z.string().min(1).max(128) }),
    strictObject({ label: labelName, pattern: optional(pattern) }),
  ],
  { error: 'must be the name of a label, {"label": …, "pattern": …} or {"value": …}' },
);

const candidates = z.array(placeValue).min(1);

const rule = strictObject({
  /** By label (`__name__` is the metric), a regular expression that the whole value must match. */
  match: z.record(z.string(), pattern).default({}),
  drop: z.boolean().default(false),
  project: optional(candidates),
  service: optional(candidates),
  environment: optional(candidates),
  version: optional(candidates),
  instance: optional(candidates),
});

/** How series that agents write, or that are scraped, get their place. */
export const ingestConfig = strictObject({
  /** The first rule whose match fits counts; without one the usual names do. */
  rules: z.array(rule).default([]),
}).prefault({});

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}
