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

  it.each([
    ['dark', 1280],
    ['light', 1280],
    ['light', 420],
  ])('has its pages, %s and %d pixels wide', async (theme, width) => {
    for (const [path, text] of [
      ['deployments', 'cart'],
      [`deployments/${stage.shop.ids.harmful}`, 'deployment.start'],
      ['health', 'Do the promised error rates hold?'],
      ['dashboards', 'Preview'],
    ] as const) {
      const address = `${stage.url}/a/bellwether-deployments-app/${path}?theme=${theme}`;
      const { page, problems, shoot } = await openPage(stage.browser, address, { width, height: 1000 });
      await page.getByText(text).first().waitFor();
      await page.waitForTimeout(500);
      const name = path.includes('/') ? 'deployment' : path;
      await shoot(shot(`page-${name}-${width < 1000 ? 'narrow' : theme}`));
      // What is too wide scrolls by itself, never the page.
      const tooWide = await page
        .getByTestId('plugin-page')
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
      expect(tooWide).toBeLessThanOrEqual(0);
      expect(problems).toEqual([]);
      await page.close();
    }
  });

  it('speaks the language of the user, and names data the same for everybody', async () => {
    const { page, shoot } = await openPage(stage.browser, `${stage.url}/d/?lang=de-DE`);
    await page.getByRole('button', { name: /2\.15\.0: Zurückrollen, Schaden/ }).click();
    await page.getByRole('button', { name: 'Zurückrollen …' }).waitFor();
    await shoot(shot('german'));
    const names = await page.evaluate(async () => {
      const { datasource, range } = (window as unknown as HostWindow).__host;
      const { data } = await datasource.query({
        targets: [{ refId: 'A', kind: 'deployments' }],
        range: range(),
        scopedVars: {},
      });
      return data[0]?.fields.map(({ name }) => name);
    });
    expect(names).toContain('Started');
    await page.close();
  });

  it('attaches the query to dashboards after a preview, and takes it back', async () => {
    const { dashboards } = stage;
    dashboards.put('cart', 'Cart');
    dashboards.put('pay', 'Payments', { provisionedFrom: 'shop/payments.json' });
    dashboards.put('search', 'Search');
    const queriesOf = (uid: string) => dashboards.get(uid).annotations?.list?.map(({ target }) => target);
    const { page, problems, shoot } = await openPage(
      stage.browser,
      `${stage.url}/a/bellwether-deployments-app/dashboards`,
    );
    await page.getByLabel('Service').fill('$service');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('provisioned from shop/payments.json').waitFor();
    await shoot(shot('attach-preview'));
    expect(dashboards.saves()).toBe(0);
    await page.getByRole('button', { name: 'Change 2 of them' }).click();
    await page.getByText('2 changed, 0 as they should be, 0 refused').waitFor();
    const query = { refId: 'Bellwether', kind: 'annotations', service: '$service', environment: '' };
    expect(['cart', 'search', 'pay'].map(queriesOf)).toEqual([[query], [query], []]);
    await page.getByRole('button', { name: 'Undo all 2' }).click();
    await page.getByText('removed "Bellwether deployments"').first().waitFor();
    expect(['cart', 'search', 'pay'].map(queriesOf)).toEqual([[], [], []]);
    expect(problems).toEqual([]);
    await page.close();
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
      '/a/bellwether-deployments-app/dashboards',
    ])
      for (const theme of ['dark', 'light']) {
        const { page } = await openPage(stage.browser, `${stage.url}${address}?theme=${theme}`);
        await page.waitForSelector('[data-verdict], table, input');
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
    const measure = async () => {
      const { plain, panel } = await page.evaluate(() => (window as unknown as HostWindow).__host.measure());
      const ratio = { first: panel.firstMs / plain.firstMs, pan: panel.panMs / plain.panMs };
      console.info('drawing', JSON.stringify({ plain, panel, ratio }));
      return { ...panel, ratio };
    };
    // A machine that is busy with other things can only make it look slower: one measuring of three has to hold.
    let best = await measure();
    for (let again = 0; again < 2 && !isQuick(best); again++) best = await measure();
    expect(best).toSatisfy(isQuick);
    await page.close();
  });
});

/** Within what was promised: a first draw of 100 ms, 16 ms a frame while panning, both at most 1.3 times what Grafana's own chart takes. */
function isQuick({ firstMs, panMs, ratio }: Drawing): boolean {
  return firstMs < 100 && panMs < 16 && ratio.first <= 1.3 && ratio.pan <= 1.3;
}

interface Drawing {
  readonly firstMs: number;
  readonly panMs: number;
  readonly ratio: { readonly first: number; readonly pan: number };
}
