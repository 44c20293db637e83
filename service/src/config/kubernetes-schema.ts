import { z } from 'zod';
import { optional, strictObject } from '../api/strict-object.js';
import { WORKLOAD_ATTRIBUTES } from '../domain/hook.js';
import { checkRules, hookRule } from './hook-schema.js';
import { unknownValue } from './known-value.js';
import { secretReference } from './secret.js';

/** Where a pod finds what it needs to ask its own cluster. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

const kinds = ['deployments', 'rollouts'] as const;

/** A cluster whose workloads are watched; without further words the one that this service runs in. */
export const kubernetesConfig = strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name; use lower-case letters, digits and dashes'),
  /** Address of the API server; private and plain http ones must be listed in "egress.allow". */
  url: z.url().default('https://kubernetes.default.svc'),
  /** Read again for every request: the token of a service account changes by the hour. */
  token: secretReference.default({ file: `${ACCOUNT}/token` }),
  /** Certificate (PEM) of the authority of the API server. */
  ca: z.string().min(1).default(`${ACCOUNT}/ca.crt`),
  /** Default: all that the token may see. */
  namespace: optional(z.string().min(1).max(63)),
  kinds: z
    .array(z.enum(kinds, { error: ({ input }) => unknownValue(String(input), 'kind of workload', kinds) }))
    .min(1)
    .default(['deployments']),
  /** Labels that workloads must have, as Kubernetes writes selectors. */
  selector: optional(z.string().min(1).max(1_000)),
  rules: z.array(hookRule).min(1, 'is empty; say where its deployments belong').max(1_000),
}).superRefine(({ rules }, context) => {
  checkRules(rules, WORKLOAD_ATTRIBUTES, (path, message) =>
    context.addIssue({ code: 'custom', path: ['rules', ...path], message }),
  );
});
