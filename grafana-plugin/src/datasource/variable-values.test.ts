import { describe, expect, it } from 'vitest';
import { listedDeployment } from '../verdicts/region.test-support.js';
import type { DeploymentQuery } from '../verdicts/service-client.js';
import { variableValues } from './variable-values.js';

const asked: DeploymentQuery[] = [];
const reader = {
  deployments: (query: DeploymentQuery) => {
    asked.push(query);
    const items = ['cart', 'checkout', 'cart'].map((service, index) =>
      listedDeployment({ service, version: `v${index}` }),
    );
    return Promise.resolve({ items, truncated: false });
  },
};

describe('values of a template variable', () => {
  it('are listed once, in order', async () => {
    expect(await variableValues(reader, 'services')).toEqual(['cart', 'checkout']);
  });

  it('are those of a service where one is named', async () => {
    expect(await variableValues(reader, ' versions( checkout ) ')).toEqual(['v0', 'v1', 'v2']);
    expect(asked.at(-1)?.service).toBe('checkout');
  });

  it.each(['', 'nonsense', 'constructor', 'services(a'])(
    '"%s" is refused with what can be asked for',
    async (query) => {
      await expect(variableValues(reader, query)).rejects.toThrow(
        'services, environments, versions, deployments',
      );
    },
  );
});
