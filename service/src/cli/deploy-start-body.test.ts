import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDeployment } from '../api/deployment-request.js';
import {
  collectDependency,
  collectLabel,
  collectLink,
  collectStep,
  shareOf,
  startBody,
} from './deploy-start-body.js';

const least = { service: 'cart', environment: 'prod', version: '2' };
/** As it goes over the wire. */
const sent = (options: Parameters<typeof startBody>[0]): unknown =>
  JSON.parse(JSON.stringify(startBody(options)));

describe('the body of deploy start', () => {
  it('says no more than the command did', () => {
    expect(sent(least)).toEqual({ ...least, change: {} });
  });

  it('of every option is one that the API takes', () => {
    const body = sent({
      ...least,
      ...{
        id: 'cart-2',
        project: 'shop',
        previousVersion: '1',
        strategy: 'blue-green',
        migration: 'irreversible',
      },
      ...{
        changeKind: 'database',
        commit: 'abc',
        commitTime: '2026-01-31T11:20:00+01:00',
        ticket: 'T-1',
        summary: 's',
      },
      ...{ startedAt: '2026-01-31T12:00:00Z', policy: 'strict', label: { team: 'pay' } },
      step: collectStep('full', collectStep('canary:5%')),
      dependsOn: collectDependency('db@eu', collectDependency('stock')),
      link: collectLink('CI=https://ci.example.com/?a=b'),
    });
    expect(startDeployment.safeParse(body).error?.issues).toBeUndefined();
    expect(body).toMatchObject({
      strategy: 'blue-green',
      migration: { reversible: false },
      plannedSteps: [{ name: 'canary', trafficShare: 0.05 }, { name: 'full' }],
      dependsOn: [{ service: 'stock' }, { service: 'db', environment: 'eu' }],
      links: [{ title: 'CI', url: 'https://ci.example.com/?a=b' }],
      labels: { team: 'pay' },
    });
  });

  it('with several steps is a canary unless it says otherwise', () => {
    const step = collectStep('full', collectStep('canary:5%'));
    expect(sent({ ...least, step })).toMatchObject({ strategy: 'canary' });
    expect(sent({ ...least, step: collectStep('full') })).not.toHaveProperty('strategy');
  });

  it('carries a policy of a file, as YAML or JSON', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-policy-'));
    writeFileSync(join(folder, 'p.yaml'), 'alpha: 0.01\nmetrics:\n  - name: m\n');
    writeFileSync(join(folder, 'p.json'), '{"alpha": 0.02, "metrics": []}');
    writeFileSync(join(folder, 'broken.yaml'), 'a: [');
    expect(sent({ ...least, policy: `@${folder}/p.yaml` })).toMatchObject({ policy: { alpha: 0.01 } });
    expect(sent({ ...least, policy: `@${folder}/p.json` })).toMatchObject({ policy: { alpha: 0.02 } });
    expect(() => sent({ ...least, policy: `@${folder}/broken.yaml` })).toThrow(
      /--policy: the file .*broken\.yaml/,
    );
    expect(() => sent({ ...least, policy: '@nowhere.yaml' })).toThrow(/ENOENT/);
  });

  it.each([
    ['5%', 0.05],
    ['0.25', 0.25],
    ['.5', 0.5],
    ['100%', 1],
    ['1', 1],
  ])('reads a share: %s', (text, share) => expect(shareOf(text)).toBeCloseTo(share, 12));

  it.each(['0', '0%', '101%', '1.5', 'x', '', '-1', '5 %'])('refuses the share %s', (text) => {
    expect(() => shareOf(text)).toThrow('5% or 0.05');
  });

  it('keeps a colon in the name of a step, and refuses half a pair', () => {
    expect(collectStep('eu:west:10%')).toEqual([{ name: 'eu:west', trafficShare: 0.1 }]);
    expect(() => collectLabel('team')).toThrow('team=payments');
    expect(() => collectLink('=x')).toThrow('Write it as');
  });
});
