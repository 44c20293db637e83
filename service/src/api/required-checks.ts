import { z } from 'zod';
import { durationBetween } from './duration.js';
import { lineOfText } from './scalars.js';
import { optional, strictObject } from './strict-object.js';

export const checkKinds = ['smoke-test', 'junit', 'sign-off', 'change-approval', 'custom'] as const;
const MOST_REQUIRED = 50;
const roles = z.enum(['pipeline', 'operator', 'admin']);

/** Name of a check: one line, the same in the policy and in every report. */
export const checkName = lineOfText(100);

const requiredCheck = strictObject({
  name: checkName,
  kind: optional(z.enum(checkKinds)),
  role: optional(roles),
  step: optional(lineOfText(100)),
  onFailure: z.enum(['rollback', 'inconclusive']).meta({
    description:
      'rollback: its failure decides at once, like a guard-rail. inconclusive: it bars `continue` until it is run again and passes.',
  }),
  timeout: durationBetween('0s', '7d').prefault('1h').meta({
    description: 'How long it is waited for after the last look; then the watch ends inconclusive.',
  }),
}).transform(({ timeout, ...rest }) => ({ ...rest, timeoutMs: timeout }));

/** Checks that must have passed before `continue`; absent: none. */
const checkList = z
  .array(requiredCheck)
  .max(MOST_REQUIRED)
  .superRefine((checks, context) => {
    for (const [index, { name, step }] of checks.entries()) {
      const same = checks.findIndex(
        (one) => one.name === name && (one.step === step || one.step === undefined || step === undefined),
      );
      if (same < index)
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `"${name}" is required twice for the same step; give each check its own name or its own step`,
        });
    }
  });

/** Keys of a policy for what stands beside the metrics; the roles that may hold and proceed default to operator and admin. */
export const besideMetrics = {
  requiredChecks: optional(checkList),
  holdRoles: optional(z.array(roles).min(1).max(3)),
} as const;
