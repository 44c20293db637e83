import type { Deployment } from '../domain/deployment.js';
import type { Verdict, VerdictValue } from '../domain/verdict.js';

/** A verdict of any value, for tests. */
export function fakeVerdict(
  deployment: Deployment,
  sequence: number,
  value: VerdictValue,
  nowMs: number,
): Verdict {
  return {
    ...{
      id: `v-${sequence}`,
      deploymentId: deployment.id,
      watchId: 'w-1',
      stepIndex: 0,
      sequence,
      look: sequence,
      value,
    },
    ...{
      rule: value === 'pending' ? 'watching' : 'calibrated-evidence',
      guarantee: 'placebo',
      p: 0.2,
      pExtrapolated: false,
    },
    ...{
      alpha: 0.05,
      prior: 0.1,
      harmProbability: 0.3,
      engineVersion: 'fake',
      decidedAtMs: nowMs,
      asOfMs: nowMs,
    },
    reasons: [{ code: 'fake', text: 'A fake verdict.' }],
    stillNeeded: [],
    findings: [
      {
        name: 'p95 latency',
        status: 'quiet',
        unit: 's',
        contribution: 0,
        coverage: 1,
        text: 'quiet',
        onsetAtMs: nowMs,
      },
    ],
    brakes: [],
  };
}
