import { z } from 'zod';
import { strategies } from '../api/deployment-request.js';
import { optional, strictObject } from '../api/strict-object.js';
import { HOOK_ATTRIBUTES, SIGNED_KINDS, type HookKind } from '../domain/hook.js';
import { unknownValue } from './known-value.js';
import { secretReference } from './secret.js';

const kinds = Object.keys(HOOK_ATTRIBUTES) as [HookKind, ...HookKind[]];
const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

const target = z.string().min(1).max(300);

/** Which deployments of a sender are whose. */
export const hookRule = strictObject({
  match: z.record(z.string(), z.string().min(1).max(300)).default({}),
  ignore: z.boolean().default(false),
  project: optional(target),
  service: optional(target),
  environment: optional(target),
  policy: optional(z.string().min(1).max(100)),
  strategy: optional(z.enum(strategies)),
  dependsOn: z.array(target).max(100).default([]),
});

type Rule = z.output<typeof hookRule>;
type Refuse = (path: (string | number)[], message: string) => void;

/** Refuses attributes that no message of the dialect has, and rules that say nothing. */
export function checkRules(rules: readonly Rule[], attributes: readonly string[], refuse: Refuse): void {
  for (const [index, rule] of rules.entries()) {
    for (const [field, name] of attributesIn(rule))
      if (!attributes.includes(name)) refuse([index, ...field], unknownAttribute(name, attributes));
    for (const field of missingIn(rule))
      refuse([index, field], 'is missing; say where the deployment belongs, or give "ignore": true');
  }
}

function missingIn(rule: Rule): readonly string[] {
  return rule.ignore
    ? []
    : (['service', 'environment'] as const).filter((field) => rule[field] === undefined);
}

/** Every attribute that a rule names, with its place. */
function attributesIn({
  match,
  ignore: _ignore,
  ...targets
}: Rule): readonly (readonly [place: readonly string[], name: string])[] {
  const matched = Object.keys(match).map((name) => [['match', name], name] as const);
  const filled = Object.entries(targets).flatMap(([field, value]) =>
    [...String(value).matchAll(PLACEHOLDER)].map(([, name = '']) => [[field], name] as const),
  );
  return [...matched, ...filled];
}

function unknownAttribute(name: string, attributes: readonly string[]): string {
  return unknownValue(name, 'attribute of its messages', attributes);
}

/** An address that another tool sends deployments to; see docs/deployments-in.md. */
export const hookConfig = strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name; use lower-case letters, digits and dashes'),
  kind: z.enum(kinds, { error: ({ input }) => unknownValue(String(input), 'kind of hook', kinds) }),
  secret: optional(secretReference),
  rules: z.array(hookRule).min(1, 'is empty; say where its deployments belong').max(1_000),
}).superRefine((hook, context) => {
  const refuse = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const signed = SIGNED_KINDS.includes(hook.kind);
  if (signed && hook.secret === undefined)
    refuse(['secret'], `is missing; messages of ${hook.kind} are checked with the secret that it has too`);
  if (!signed && hook.secret !== undefined)
    refuse(
      ['secret'],
      `is not used: ${hook.kind} signs nothing; its messages carry a token of the role "pipeline"`,
    );
  checkRules(hook.rules, HOOK_ATTRIBUTES[hook.kind], (path, message) => refuse(['rules', ...path], message));
});
