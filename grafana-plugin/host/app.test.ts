import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HostWindow, panelReady } from './drive.js';
import { hasBrowser, openPage } from './open-page.js';
import { hostVersion, openStage, shot, type Stage } from './stage.js';

describe.runIf(hasBrowser)(`the app on a host with the packages of Grafana ${hostVersion}`, () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.reset());
  afterAll(() => stage.close());

  it('has its pages', async () => {
    for (const [path, text] of [
      ['deployments', 'cart'],
      [`deployments/${stage.shop.ids.harmful}`, 'deployment.start'],
      ['health', 'Do the promised error rates hold?'],
    ] as const)
      for (const theme of ['dark', 'light']) {
        const address = `${stage.url}/a/bellwether-deployments-app/${path}?theme=${theme}`;
        const { page, problems, shoot } = await openPage(stage.browser, address, {
          width: 1280,
          height: 1000,
        });
        await page.getByText(text).first().waitFor();
        await page.waitForTimeout(500);
        await shoot(shot(`page-${path.split('/').length > 1 ? 'deployment' : path}-${theme}`));
        expect(problems).toEqual([]);
        await page.close();
      }
  });

  it('tests the connection that an administrator set up', async () => {
    const { page, shoot } = await openPage(stage.browser, `${stage.url}/plugins/bellwether-deployments-app`);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Bellwether answers').waitFor();
    await shoot(shot('settings'));
    stage.settings.serviceUrl = 'http://127.0.0.1:9';
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Bellwether cannot be reached').waitFor();
    await page.close();
  });

  it('has editors for its queries and its connection', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/editors`);
    await page.locator('#bellwether-service-url').fill('http://bellwether:8390/api/v1');
    await page.getByText('Leave the path /api away').waitFor();
    await page.locator('#service-A').fill('$service');
    await page.locator('#service-A').blur();
    await shoot(shot('editors'));
    expect(await page.evaluate(() => (window as unknown as HostWindow).__host.query)).toMatchObject({
      service: '$service',
    });
    expect(problems).toEqual([]);
    await page.close();
  });

  it('answers every kind of query', async () => {
    const { page } = await openPage(stage.browser, `${stage.url}/d/`);
    await panelReady(page);
    const answers = await page.evaluate(async () => {
      const { datasource, range } = (window as unknown as HostWindow).__host;
      const kinds = ['deployments', 'verdicts', 'harm-probability', 'bands', 'scores', 'calibration'];
      const results: Record<string, number> = {};
      for (const kind of kinds) {
        const target = { refId: 'A', kind, service: '$service' };
        const { data } = await datasource.query({
          targets: [target],
          range: range(),
          intervalMs: 60_000,
          scopedVars: {},
        });
        results[kind] = data.reduce((sum, frame) => sum + frame.length, 0);
      }
      return { ...results, services: (await datasource.metricFindQuery('services')).map(({ text }) => text) };
    });
    expect(answers).toMatchObject({ deployments: 2, services: ['cart', 'checkout', 'evil', 'many'] });
    for (const count of Object.values(answers))
      if (typeof count === 'number') expect(count).toBeGreaterThan(0);
    await page.close();
  });

  it('has no serious barrier for people who use no pointer or no colours', async () => {
    const axe = readFileSync(join(import.meta.dirname, '../node_modules/axe-core/axe.min.js'), 'utf8');
    for (const address of [
      '/d/',
      '/a/bellwether-deployments-app/deployments',
      '/a/bellwether-deployments-app/health',
    ])
      for (const theme of ['dark', 'light']) {
        const { page } = await openPage(stage.browser, `${stage.url}${address}?theme=${theme}`);
        await page.waitForSelector('[data-verdict], table');
        await page.waitForTimeout(500);
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const parts = '[data-testid="bellwether-panel"], [data-testid="plugin-page"]';
          const { violations } = await (window as unknown as HostWindow).axe.run(parts);
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        });
        expect(found, `${address} ${theme}`).toEqual([]);
        await page.close();
      }
  });

  it('draws 50 series of 2,000 points with 500 deployments about as fast as Grafana draws them without', async () => {
    stage.settings.permissions = new Set();
    const { page } = await openPage(stage.browser, `${stage.url}/performance`);
    await page.waitForFunction(() => 'measure' in (window as unknown as HostWindow).__host);
    const { plain, panel } = await page.evaluate(() => (window as unknown as HostWindow).__host.measure());
    const ratio = { first: panel.firstMs / plain.firstMs, pan: panel.panMs / plain.panMs };
    console.info('drawing', JSON.stringify({ plain, panel, ratio }));
    // Wide, because the machine may be busy with other things; docs/grafana.md holds what was measured.
    expect(ratio.pan).toBeLessThan(2.5);
    await page.close();
  });
});
