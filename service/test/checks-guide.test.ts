import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkKinds } from '../src/api/required-checks.js';
import { checkStates } from '../src/api/collaboration.js';
import { reportCheck } from '../src/api/collaboration-request.js';
import { policyInput } from '../src/api/policy.js';
import { EVENT_TYPES } from '../src/app/announce.js';
import { mintToken } from '../src/cli/create-token.js';
import { startService, type RunningService } from './running-service.js';

const run = promisify(execFile);
const guide = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);
const token = (role: 'pipeline' | 'operator') =>
  mintToken({ name: `a ${role}`, role, project: '*', service: '*', environment: '*' });

describe('the guide to checks', () => {
  const pipeline = token('pipeline');
  const operator = token('operator');
  const [policy] = blocks('json').map((block) => JSON.parse(block) as object);
  let service: RunningService;
  beforeAll(async () => {
    service = await startService({
      tokens: [pipeline.entry, operator.entry],
      config: { policies: { default: policy } },
    });
    const deployment = { id: 'cart-2', service: 'cart', environment: 'prod', version: '2' };
    expect((await service.request('POST', '/api/v1/deployments', deployment)).status).toBe(201);
  });
  afterAll(() => service.stop());

  it('has a policy that is valid', () => {
    expect(policyInput.safeParse(policy).error?.issues).toBeUndefined();
  });

  it('has examples that work as they stand, one after the other, and do what is said', async () => {
    const environment = {
      ...process.env,
      BELLWETHER: service.url,
      ID: 'cart-2',
      TOKEN: pipeline.token,
      PERSON: operator.token,
    };
    expect(blocks('sh').length).toBeGreaterThanOrEqual(7);
    for (const block of blocks('sh'))
      await run('sh', ['-c', `set -e\n${block}`], { env: environment, timeout: 20_000 });
    const { body } = await service.request('GET', '/api/v1/deployments/cart-2');
    expect(body).toMatchObject({
      checks: [
        { name: 'smoke', state: 'passed' },
        { name: 'acceptance', kind: 'junit', tests: { tests: 2 } },
        { name: 'release sign-off', by: { role: 'operator', personRole: 'release manager' } },
      ],
      notes: [{ kind: 'lesson' }],
      incidents: [{ title: 'Checkout is slow' }],
      acknowledgements: [{ comment: 'I have this', releasedAt: expect.any(String) as string }],
      verdicts: [{ verdict: 'pending', rule: 'watching' }, { rule: 'held' }],
    });
    expect(body).not.toHaveProperty('hold');
  });

  it('names every field, kind, state and event', () => {
    const fields = Object.keys(reportCheck.in.shape);
    const events = EVENT_TYPES.slice(EVENT_TYPES.indexOf('check.reported'));
    const missing = [...fields, ...checkKinds, ...checkStates, ...events].filter(
      (name) => !guide.includes(`\`${name}\``),
    );
    expect(missing).toEqual([]);
  });
});
