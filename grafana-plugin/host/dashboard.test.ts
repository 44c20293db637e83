import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchBrowser, openPage } from './open-page.js';
import { type ProxySettings, startProxyDouble } from './proxy-double.js';
import { HOSTILE_VERSION, type ShopScene, startShopScene } from './shop-scene.js';

const version = process.env['BELLWETHER_HOST_VERSION'] ?? '13';
const ALL = ['verdicts:read', 'rollback:execute'].map((name) => `bellwether-deployments-app.${name}`);
const shot = (name: string): string => `grafana-${version}-${name}`;

describe.runIf(hasBrowser)(`on a dashboard of a host with the packages of Grafana ${version}`, () => {
  let shop: ShopScene;
  let browser: Browser;
  let proxy: Awaited<ReturnType<typeof startProxyDouble>>;
  let settings: ProxySettings;

  beforeAll(async () => {
    shop = await startShopScene();
    browser = await launchBrowser();
    settings = {
      hostVersion: version,
      secrets: { readToken: shop.service.tokens.read, rollbackToken: shop.service.tokens.operator },
      serviceUrl: shop.service.url,
      permissions: new Set(ALL),
      series: (fromMs, toMs) => shop.series(fromMs, toMs),
    };
    proxy = await startProxyDouble(settings);
  });
  afterEach(() => {
    settings.permissions = new Set(ALL);
    settings.serviceUrl = shop.service.url;
  });
  afterAll(async () => {
    await browser.close();
    await proxy.stop();
    await shop.stop();
  });

  it.each(['dark', 'light'])('shows what was caught, in %s', async (theme) => {
    const { page, problems, shoot } = await openPage(browser, `${proxy.url}/d/?theme=${theme}`);
    await panelReady(page);
    await shoot(shot(`panel-${theme}`));
    expect(await verdictsOn(page)).toEqual(['rollback', 'continue']);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('colours the annotations of every panel by verdict', async () => {
    const { page } = await openPage(browser, `${proxy.url}/d/`);
    await panelReady(page);
    const drawn = await page.evaluate(async () => {
      const host = (window as unknown as HostWindow).__host;
      const results = await new Promise<AnnotationResults>((resolve) => {
        host.layer.getResultsStream().subscribe((value) => resolve(value));
      });
      return results.data.annotations.flatMap(({ fields }) => {
        const values = (name: string) => fields.find((field) => field.name === name)?.values ?? [];
        return values('title').map((title, row) => [title, values('newState')[row], values('isRegion')[row]]);
      });
    });
    expect(drawn).toEqual([
      [expect.stringContaining('2.14.0'), 'ok', true],
      [expect.stringContaining('2.15.0'), 'alerting', true],
    ]);
    await page.close();
  });

  it('tells the evidence under the pointer and by keyboard', async () => {
    const { page, problems, shoot } = await openPage(browser, `${proxy.url}/d/`);
    await panelReady(page);
    await hoverHarmful(page);
    const tooltip = page.getByTestId('bellwether-tooltip');
    await tooltip.getByText('2.13.2 → 2.15.0').first().waitFor();
    await shoot(shot('hover'));
    await page.mouse.move(5, 5);
    await page.locator('[data-verdict]').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-verdict'))).toBe('continue');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByTestId('evidence').getByText('2.13.2 → 2.15.0').waitFor();
    await shoot(shot('keyboard'));
    expect(problems).toEqual([]);
    await page.close();
  });

  it('offers the deployments of any panel in its menu, by a rule that is shown', async () => {
    const { page, problems, shoot } = await openPage(browser, `${proxy.url}/d/?layer=off`);
    await panelReady(page);
    await openMenu(page);
    await page.getByTestId('panel-deployments').waitFor();
    await shoot(shot('menu'));
    expect(await page.getByTestId('scope-rule').textContent()).toContain('service="checkout"');
    expect(await page.getByTestId('panel-deployments').locator('article').count()).toBe(2);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('refuses a rollback to who lacks the role, and says which', async () => {
    settings.permissions = new Set(['bellwether-deployments-app.verdicts:read']);
    const { page, shoot } = await openPage(browser, `${proxy.url}/d/`);
    await panelReady(page);
    await openRollback(page);
    const trouble = page.getByTestId('bellwether-trouble');
    await trouble.getByText('Bellwether operator').waitFor();
    await shoot(shot('refused'));
    expect(await page.getByTestId('confirm-rollback').count()).toBe(0);
    expect(shop.rollbackOrders).toEqual([]);
    await page.close();
  });

  it('says what is wrong while the service is away, and comes back', async () => {
    settings.serviceUrl = 'http://127.0.0.1:9';
    const { page, shoot } = await openPage(browser, `${proxy.url}/d/?layer=off`);
    await page.getByTestId('bellwether-trouble').getByText('Bellwether cannot be reached').waitFor();
    await page.waitForSelector('canvas');
    await shoot(shot('unreachable'));
    settings.serviceUrl = shop.service.url;
    await page.getByRole('button', { name: 'Try again' }).click();
    await panelReady(page);
    await page.close();
  });

  it('says that reading is not allowed', async () => {
    settings.permissions = new Set();
    const { page, shoot } = await openPage(browser, `${proxy.url}/d/?layer=off`);
    await page.getByTestId('bellwether-trouble').getByText('Bellwether reader').waitFor();
    await shoot(shot('no-permission'));
    await page.close();
  });

  it('lets no name become markup', async () => {
    const { page, problems, shoot } = await openPage(browser, `${proxy.url}/d/?service=evil&expr=x`);
    await page.locator('[data-verdict]').first().focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('evidence').getByText(HOSTILE_VERSION).waitFor();
    await shoot(shot('hostile'));
    expect(await page.evaluate(() => 'toString' in window && '__owned' in window)).toBe(false);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('copes with two hundred deployments on a narrow panel', async () => {
    const { page, problems, shoot } = await openPage(browser, `${proxy.url}/d/?service=many&expr=x`, {
      width: 480,
      height: 640,
    });
    await page.locator('[data-verdict]').first().waitFor();
    await page.waitForSelector('canvas');
    await page.waitForTimeout(500);
    await shoot(shot('two-hundred-narrow'));
    expect(await page.locator('[data-verdict]').count()).toBe(30);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows no deployment and no data for what they are', async () => {
    const { page, problems, shoot } = await openPage(
      browser,
      `${proxy.url}/d/?service=nothing&layer=off&from=now-8h&to=now-7h`,
    );
    await page.getByText('No deployment of nothing in this range.').waitFor();
    await page.getByText('The queries of this panel brought no data.').waitFor();
    await shoot(shot('empty'));
    expect(problems).toEqual([]);
    await page.close();
  });

  it('rolls back with two clicks, once, to the recovery, on record, and no token ever reaches the page', async () => {
    const { page, problems, shoot } = await openPage(browser, `${proxy.url}/d/`);
    const bodies: string[] = [];
    page.on('response', (response) => {
      response.text().then(
        (text) => bodies.push(text, JSON.stringify(response.request().headers())),
        () => undefined,
      );
    });
    await panelReady(page);
    await openRollback(page);
    const dialog = page.getByRole('dialog', { name: 'Roll back' });
    await dialog.getByText('drops the column "coupon"').waitFor();
    await dialog.getByText('cart 7.1.0 was deployed since').waitFor();
    await shoot(shot('confirmation'));
    const confirm = page.getByTestId('confirm-rollback');
    await confirm.click();
    await dialog.getByText('The policy requires a reason').waitFor();
    await dialog.locator('textarea').fill('errors of the new coupon rules');
    await confirm.dblclick();
    await page.getByTestId('rollback-stage').getByText('Carried out by shop').waitFor();
    await page.waitForTimeout(2_500);
    await shoot(shot('progress'));
    expect(shop.rollbackOrders).toHaveLength(1);
    const { audit, people } = (await shop.service.request(
      'GET',
      `/deployments/${shop.ids.harmful}/report.json`,
    )) as {
      audit: { action: string; actor: string; detail: { reason?: string } }[];
      people: Record<string, string>;
    };
    const entry = audit.find(({ action }) => action === 'rollback.request');
    expect(entry?.detail.reason).toBe('errors of the new coupon rules');
    expect(people[entry?.actor ?? '']).toBeDefined();
    const { admin, read, operator } = shop.service.tokens;
    const seen = [await page.content(), ...bodies].join('\n');
    for (const token of [admin, read, operator]) expect(seen).not.toContain(token);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('has its pages', async () => {
    for (const [path, text] of [
      ['deployments', 'cart'],
      [`deployments/${shop.ids.harmful}`, 'rollback.request'],
      ['health', 'Do the promised error rates hold?'],
    ] as const)
      for (const theme of ['dark', 'light']) {
        const address = `${proxy.url}/a/bellwether-deployments-app/${path}?theme=${theme}`;
        const { page, problems, shoot } = await openPage(browser, address, { width: 1280, height: 1000 });
        await page.getByText(text).first().waitFor();
        await page.waitForTimeout(500);
        await shoot(shot(`page-${path.split('/').length > 1 ? 'deployment' : path}-${theme}`));
        expect(problems).toEqual([]);
        await page.close();
      }
  });

  it('tests the connection that an administrator set up', async () => {
    const { page, shoot } = await openPage(browser, `${proxy.url}/plugins/bellwether-deployments-app`);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Bellwether answers').waitFor();
    await shoot(shot('settings'));
    settings.serviceUrl = 'http://127.0.0.1:9';
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Bellwether cannot be reached').waitFor();
    await page.close();
  });

  it('has editors for its queries and its connection', async () => {
    const { page, problems, shoot } = await openPage(browser, `${proxy.url}/editors`);
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
    const { page } = await openPage(browser, `${proxy.url}/d/`);
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
    expect(answers).toMatchObject({ deployments: 3, services: ['cart', 'checkout', 'evil', 'many'] });
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
        const { page } = await openPage(browser, `${proxy.url}${address}?theme=${theme}`);
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
});

/** What the host's page keeps for tests. */
interface HostWindow {
  readonly __host: {
    readonly layer: { getResultsStream(): { subscribe(next: (value: AnnotationResults) => void): void } };
    readonly query: unknown;
    readonly range: () => unknown;
    readonly datasource: {
      query(request: object): Promise<{ data: { length: number }[] }>;
      metricFindQuery(query: string): Promise<{ text: string }[]>;
    };
  };
  readonly axe: {
    run(
      context: string,
    ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
  };
}

interface AnnotationResults {
  readonly data: {
    readonly annotations: { readonly fields: { readonly name: string; readonly values: unknown[] }[] }[];
  };
}

async function panelReady(page: Page): Promise<void> {
  await page.waitForSelector('[data-verdict="rollback"]');
  await page.waitForSelector('canvas');
  await page.waitForTimeout(800);
}

function verdictsOn(page: Page): Promise<(string | null)[]> {
  return page.$$eval('[data-verdict]', (chips) => chips.map((chip) => chip.getAttribute('data-verdict')));
}

/** Some minutes into the harmful release, which began 40 minutes before the end of a range of two hours. */
async function hoverHarmful(page: Page): Promise<void> {
  const box = await page.locator('.u-over').boundingBox();
  if (box === null) throw new Error('there is no plot');
  await page.mouse.move(box.x + box.width * (1 - 36 / 120), box.y + box.height / 2, { steps: 4 });
}

async function openRollback(page: Page): Promise<void> {
  await page.locator('[data-verdict="rollback"]').click();
  await page.getByRole('button', { name: 'Roll back …' }).click();
}

async function openMenu(page: Page): Promise<void> {
  await page
    .getByTestId(/Panel menu/)
    .first()
    .click({ force: true });
  await page.getByText('Deployments and rollback').click();
}
