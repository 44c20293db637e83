import type { HookRule } from '../domain/hook.js';

type Subject = Readonly<Record<string, string>>;

/** A rule with its placeholders filled in, or why there is none. */
export type Mapped =
  | {
      readonly kind: 'place';
      readonly rule: HookRule;
      readonly service: string;
      readonly environment: string;
    }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unmapped'; readonly reason: string };

/** Finds the first rule that fits what a message says. */
export function placeOf(rules: readonly HookRule[], subject: Subject): Mapped {
  const rule = rules.find(({ match }) =>
    Object.entries(match).every(([name, pattern]) => fits(pattern, subject[name] ?? '')),
  );
  if (rule === undefined) return { kind: 'unmapped', reason: `no rule fits ${describe(subject)}` };
  if (rule.ignore) return { kind: 'ignored' };
  const filled = filledRule(rule, subject);
  return {
    kind: 'place',
    rule: filled,
    service: filled.service ?? '',
    environment: filled.environment ?? '',
  };
}

function filledRule(rule: HookRule, subject: Subject): HookRule {
  const { project, service, environment, dependsOn } = rule;
  return {
    ...rule,
    ...(project === undefined ? {} : { project: fill(project, subject) }),
    ...(service === undefined ? {} : { service: fill(service, subject) }),
    ...(environment === undefined ? {} : { environment: fill(environment, subject) }),
    dependsOn: dependsOn.map((one) => fill(one, subject)),
  };
}

function fill(text: string, subject: Subject): string {
  return text.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_whole, name: string) => subject[name] ?? '');
}

/** `*` stands for any text; everything else for itself. Without regular expressions: patterns and texts come from outside. */
function fits(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  const tail = rest.pop() ?? '';
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > text.length - tail.length) return false;
    from = at + part.length;
  }
  return from <= text.length - tail.length;
}

function describe(subject: Subject): string {
  return Object.entries(subject)
    .map(([name, value]) => `${name} "${value}"`)
    .join(', ');
}
