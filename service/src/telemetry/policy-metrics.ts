import { Counter, Gauge, type Registry } from 'prom-client';

/** Metrics of the policy folder. */
export interface PolicyMetrics {
  reloaded(): void;
  refused(): void;
}

/** @param state read at every scrape: how many policies are in force, and how much is wrong with the folder */
export function createPolicyMetrics(
  registry: Registry,
  state: () => { readonly policies: number; readonly problems: number },
): PolicyMetrics {
  const registers = [registry];
  new Gauge({
    name: 'bellwether_policies',
    help: 'Policies in force, those of the configuration and those of the policy folder.',
    registers,
    collect() {
      this.set(state().policies);
    },
  });
  new Gauge({
    name: 'bellwether_policy_problems',
    help: 'Errors in the policy folder; while there are any, the last good policies stay in force.',
    registers,
    collect() {
      this.set(state().problems);
    },
  });
  const reloads = new Counter({
    name: 'bellwether_policy_reloads_total',
    help: 'Times the policy folder changed, by what came of it.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of ['reloaded', 'refused']) reloads.inc({ outcome }, 0);
  return {
    reloaded: () => reloads.inc({ outcome: 'reloaded' }),
    refused: () => reloads.inc({ outcome: 'refused' }),
  };
}
