import { Counter, type Registry } from 'prom-client';

/** What became of a message; `unmapped`: no rule fits; `forged`: its signature is wrong; `refused`: it could not be understood or carried out. */
export const HOOK_OUTCOMES = [
  'began',
  'stepped',
  'finished',
  'cancelled',
  'unchanged',
  'ignored',
  'unmapped',
  'repeated',
  'forged',
  'refused',
] as const;

export type HookOutcome = (typeof HOOK_OUTCOMES)[number];

export interface HookMetrics {
  /** A hook is configured: its series begin at zero. */
  known(hook: string): void;
  received(hook: string, outcome: HookOutcome): void;
}

export function createHookMetrics(registry: Registry): HookMetrics {
  const messages = new Counter({
    name: 'bellwether_hook_events_total',
    help: 'Events that other tools reported to hooks, by hook and what became of them.',
    labelNames: ['hook', 'outcome'] as const,
    registers: [registry],
  });
  return {
    known(hook) {
      for (const outcome of HOOK_OUTCOMES) messages.inc({ hook, outcome }, 0);
    },
    received: (hook, outcome) => messages.inc({ hook, outcome }),
  };
}
