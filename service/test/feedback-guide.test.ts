import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgements } from '../src/api/feedback.js';
import { giveFeedback } from '../src/api/deployment-request.js';
import { mintToken } from '../src/cli/create-token.js';
import { eventually } from './eventually.js';
import { startService, type RunningService } from './running-service.js';
import { errorPolicy } from './traffic.js';

const run = promisify(execFile);
const guide = readFileSync(new URL('../../docs/feedback.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);

describe('the guide to feedback', () => {
  const operator = mintToken({ name: 'ops', role: 'operator', project: '*', service: '*', environment: '*' });
  let service: RunningService;
  beforeAll(async () => {
    const policies = { default: errorPolicy({ watch: '1s', history: '2s' }) };
    service = await startService({ tokens: [operator.entry], config: { policies } });
    const deployment = { id: 'cart-2', service: 'checkout', environment: 'production', version: '2' };
    expect((await service.request('POST', '/api/v1/deployments', deployment)).status).toBe(201);
    await eventually('a verdict', async () => {
      const { body } = await service.request('GET', '/api/v1/deployments/cart-2');
      return (body['verdicts'] as readonly unknown[]).length > 0 ? true : undefined;
    });
  });
  afterAll(() => service.stop());

  it('names every field and every judgement', () => {
    for (const name of [...Object.keys(giveFeedback.shape), ...judgements])
      expect([name, guide.includes(`\`${name}\``)]).toEqual([name, true]);
  });

  it('has requests that work as they stand, and are kept when the service is killed', async () => {
    const environment = {
      PATH: process.env['PATH'] ?? '',
      BELLWETHER: service.url,
      ID: 'cart-2',
      TOKEN: operator.token,
    };
    const requests = blocks.flatMap((block) => block.match(/^curl (?:[^\n]*\\\n)*[^\n]*/gm) ?? []);
    expect(requests).toHaveLength(2);
    const answers: unknown[] = [];
    for (const request of requests)
      answers.push(JSON.parse((await run('bash', ['-c', request], { env: environment })).stdout));
    expect(answers).toMatchObject([
      { deploymentId: 'cart-2', metrics: [{ name: 'error ratio', relevance: 'useful' }] },
      {
        service: 'checkout',
        items: [
          { tuning: { weights: [{ metric: 'error ratio', factor: 1.5 }] }, freshChecks: { judged: 0 } },
        ],
      },
    ]);
    await service.kill();
    await sleep(10);
    const { dataDir } = service;
    service = await startService({
      tokens: [operator.entry],
      dataDir,
      config: { policies: { default: errorPolicy() } },
    });
    const { body } = await service.request('GET', '/api/v1/deployments/cart-2');
    expect(body['feedback']).toMatchObject([answers[0]]);
  });
});
