import { describe, expect, it } from 'vitest';
import type { Onset, RankedCause } from './attribution-contract.js';
import { attributionSentence } from './attribution-sentence.js';

const deployment = { id: 'd', service: 'cart', version: '2', beganAtMs: [3_600_000], prior: 0.1 };
const input = { startMs: 0, intervalMs: 60_000, deployment, rivals: [] };
const quiet = { likely: false, services: 5, moved: [] };
const own = (share: number): RankedCause => ({ deployment: 'd', service: 'cart', share, reasons: [] });
const onset = (at: number): Onset => ({
  at,
  from: at,
  to: at,
  level: 0.9,
  beforeProbability: 0.9,
  beforeDeployment: false,
});

describe('an attribution in one sentence', () => {
  it('says when the shift began as far as that is known', () => {
    const said = (at: number) => attributionSentence(input, onset(at), [own(0.7)], quiet);
    expect(said(60)).toBe('The shift began with this deployment, which explains it best (70 %).');
    expect(said(64)).toContain('began 4 min after this deployment,');
    // Not clearly older, so that nothing is held back; yet it must not be said that it came with the deployment.
    expect(said(50)).toContain('began perhaps 10 min before this deployment,');
  });

  it('calls no common cause likelier than a deployment that fits best', () => {
    const common = { likely: true, services: 4, moved: ['a', 'b', 'c'], p: 0.02 };
    const said = (share: number) => attributionSentence(input, onset(60), [own(share)], common);
    expect(said(0.1)).toContain('a common cause is likelier than this deployment');
    expect(said(0.8)).toBe(
      '3 of 4 other services moved at the same time (p = 0.02): a common cause is possible, though this deployment fits too (80 %).',
    );
  });
});
