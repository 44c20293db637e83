import { describe, expect, it } from 'vitest';
import type { VerdictValue } from '../domain/verdict.js';
import { createFakeUseCases } from './fake.js';
import { presentDeployment, presentVerdict } from './present.js';

const NOW_MS = 1_769_860_800_000;
const admin = {
  name: 'a',
  role: 'admin',
  project: '*',
  service: '*',
  environment: '*',
  authentication: 'cli',
} as const;

async function example(value: VerdictValue, id = 'd-1') {
  const fake = createFakeUseCases(() => NOW_MS);
  const place = { project: 'p', service: 's', environment: 'e' };
  const plannedSteps = [{ name: 'canary', trafficShare: 0.1 }, { name: 'full' }];
  const rest = {
    strategy: 'canary',
    change: { kind: 'code' },
    dependsOn: [],
    labels: {},
    links: [],
    plannedSteps,
  } as const;
  const deployment = await fake.startDeployment(admin, { id, ...place, version: '2', ...rest });
  return { deployment, verdict: fake.decide(id, value) };
}

describe('presentVerdict', () => {
  it.each([
    ['continue', 0, true],
    ['rollback', 1, true],
    ['inconclusive', 2, true],
    ['pending', 4, false],
    ['cancelled', 5, true],
    ['superseded', 5, true],
  ] as const)('gives %s the exit code %i', async (value, exitCode, final) => {
    const { verdict, deployment } = await example(value);
    expect(presentVerdict(verdict, deployment)).toMatchObject({ verdict: value, exitCode, final });
  });

  it('names step, mode and links, and leaves absent fields out', async () => {
    const { verdict, deployment } = await example('rollback', 'a:b');
    const wire = presentVerdict(verdict, deployment, 'https://bellwether.example.com');
    expect(wire).toMatchObject({
      step: { index: 0, name: 'canary', last: false, trafficShare: 0.1 },
      mode: 'recommend',
      decidedAt: '2026-01-31T12:00:00.000Z',
      links: {
        self: 'https://bellwether.example.com/api/v1/deployments/a%3Ab/verdict',
        report: 'https://bellwether.example.com/deployments/a%3Ab/report',
      },
    });
    for (const absent of [
      'previousVersion',
      'confidence',
      'calibration',
      'evidenceHash',
      'findings',
      'id',
      'watchId',
    ]) {
      expect(Object.keys(wire)).not.toContain(absent);
    }
    expect(JSON.stringify(presentVerdict({ ...verdict, confidence: 0.9 }, deployment))).toContain(
      '"confidence":0.9',
    );
    expect(presentVerdict({ ...verdict, stepIndex: 7 }, deployment).step).toEqual({
      index: 7,
      name: 'step 8',
      last: true,
    });
  });

  it('never lets the policy of a deployment out by accident', async () => {
    const { deployment } = await example('pending');
    expect(presentDeployment(deployment)).not.toHaveProperty('policy');
  });
});
