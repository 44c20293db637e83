import { describe, expect, it } from 'vitest';
import { findRegions } from './find-regions.js';
import { listedDeployment, NOON_MS, wireVerdict } from './region.test-support.js';
import type { DeploymentQuery } from './service-client.js';
import type { ListedDeployment } from './wire.js';

const MINUTE = 60_000;
const open = { services: [], environments: [], verdicts: [], label: '' };
const range = { fromMs: NOON_MS + 3 * MINUTE, toMs: NOON_MS + 60 * MINUTE, nowMs: NOON_MS + 60 * MINUTE };

/** A service that knows these deployments and remembers what it was asked. */
function serviceWith(items: readonly ListedDeployment[]) {
  const asked: DeploymentQuery[] = [];
  const reader = {
    deployments: (query: DeploymentQuery) => {
      asked.push(query);
      return Promise.resolve({ items, truncated: false });
    },
  };
  return { asked, reader };
}

describe('deployments of a range', () => {
  it('are those that reach into it, oldest first, also where they began before it', async () => {
    const late = listedDeployment({ id: 'late' }, 30);
    const over = listedDeployment({
      id: 'over',
      latestVerdict: wireVerdict({ asOf: new Date(NOON_MS + MINUTE).toISOString() }),
    });
    const { asked, reader } = serviceWith([late, listedDeployment({ id: 'early' }), over]);
    const { regions } = await findRegions(reader, open, range);
    expect(regions.map(({ id }) => id)).toEqual(['early', 'late']);
    expect(asked[0]?.fromMs).toBeLessThan(range.fromMs);
  });

  it('are asked for by the one service that is wanted, and filtered here where several are', async () => {
    const { asked, reader } = serviceWith([
      listedDeployment({ id: 'a', service: 'a' }),
      listedDeployment({ id: 'c', service: 'c' }),
    ]);
    await findRegions(reader, { ...open, services: ['a'] }, range);
    const { regions } = await findRegions(reader, { ...open, services: ['a', 'b'] }, range);
    expect(asked.map(({ service }) => service)).toEqual(['a', undefined]);
    expect(regions.map(({ id }) => id)).toEqual(['a']);
  });

  it('can be chosen by verdict', async () => {
    const { reader } = serviceWith([listedDeployment()]);
    expect((await findRegions(reader, { ...open, verdicts: ['continue'] }, range)).regions).toEqual([]);
    expect((await findRegions(reader, { ...open, verdicts: ['rollback'] }, range)).regions).toHaveLength(1);
  });
});
