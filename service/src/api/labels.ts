import { z } from 'zod';
import { isPlainText } from './scalars.js';

const MAX_LABELS = 64;
const MAX_NAME_LENGTH = 128;
const MAX_VALUE_LENGTH = 1_024;

type Report = (path: readonly string[], message: string) => void;

/** Labels of a metric series: names as Prometheus and OpenMetrics write them. `''` as a value matches an absent label. */
export const seriesLabels = labels(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'use letters, digits and _ and begin with a letter',
);

/** Labels that people put on a deployment; names may also hold `. - /`. */
export const deploymentLabels = labels(
  /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  'use letters, digits and . _ - / and begin with a letter or digit',
);

function labels(namePattern: RegExp, nameRule: string) {
  // Checked by hand, because a zod record silently drops the key `__proto__`.
  return z
    .custom<Readonly<Record<string, string>>>()
    .superRefine((value: unknown, context) => {
      checkLabels(value, namePattern, nameRule, (path, message) =>
        context.addIssue({ code: 'custom', path: [...path], message }),
      );
    })
    .meta({
      type: 'object',
      additionalProperties: { type: 'string', maxLength: MAX_VALUE_LENGTH },
      maxProperties: MAX_LABELS,
      example: { service: 'checkout' },
    });
}

function checkLabels(value: unknown, namePattern: RegExp, nameRule: string, report: Report): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report([], 'must be an object of label names and values; write it as {"region": "eu"}');
    return;
  }
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length > MAX_LABELS) report([], `has ${entries.length} labels; give at most ${MAX_LABELS}`);
  for (const [name, text] of entries.slice(0, MAX_LABELS)) {
    if (name.length > MAX_NAME_LENGTH)
      report([name], `has too long a name; use at most ${MAX_NAME_LENGTH} characters`);
    else if (!namePattern.test(name) || name.startsWith('__'))
      report([name], `is not a label name; ${nameRule}`);
    checkValue(name, text, report);
  }
}

function checkValue(name: string, text: unknown, report: Report): void {
  if (typeof text !== 'string') report([name], 'must be a string; put the value in quotes');
  else if (text.length > MAX_VALUE_LENGTH)
    report([name], `is too long; use at most ${MAX_VALUE_LENGTH} characters`);
  else if (!isPlainText(text)) report([name], 'contains a control character; remove it');
}
