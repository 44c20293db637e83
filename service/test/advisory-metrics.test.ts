import type { Arm } from '@bellwether/models';
import { expect, it } from 'vitest';
import { policyInput } from '../src/api/policy.js';
import { judgeLook } from '../src/app/evaluate/judge-look.js';
import type { Deployment, Step } from '../src/domain/deployment.js';
import type { Policy } from '../src/domain/policy.js';
import type { Watch } from '../src/domain/watch.js';
import { assessment } from './world.js';

const LOOKS = 6;
const counts = (total: number): Arm => ({
  shape: 'ratio',
  events: new Float64Array(LOOKS),
  totals: new Float64Array(LOOKS).fill(total),
});
const silent = { treatment: counts(0), control: counts(500) };
const serving = { treatment: counts(50), control: counts(500) };

function judged(criticalities: readonly string[], live: readonly { treatment: Arm; control: Arm }[]) {
  const labels = { service: '{{service}}' };
  const policy: Policy = policyInput.parse({
    metrics: criticalities.map((criticality, i) => ({
      ...{ name: `m${i}`, kind: 'error', criticality },
      signal: { type: 'ratio', events: { metric: 'e', labels }, total: { metric: 't', labels } },
    })),
  });
  const step: Step = { deploymentId: 'd', index: 0, name: '10 %', trafficShare: 0.1, startedAtMs: 0 };
  const watch = { kind: 'step', intervalMs: 60_000, settleMs: 0, plannedLooks: 30 } as Watch;
  return judgeLook({ policy } as Deployment, step, watch, live, assessment('pending', LOOKS)).rule;
}

it('lets no advisory count decide that a canary is silent, nor hide that it is', () => {
  expect(judged(['normal'], [silent])).toBe('canary-silent');
  expect(judged(['normal', 'advisory'], [serving, silent])).toBe('watching');
  expect(judged(['normal', 'advisory'], [silent, serving])).toBe('canary-silent');
});
