import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type AnnotationResults,
  carriedOut,
  hoverAt,
  type HostWindow,
  openMenu,
  openRollback,
  panelReady,
  verdictsOn,
} from './drive.js';
import { hasBrowser, openPage } from './open-page.js';
import { hostVersion, openStage, shot, type Stage } from './stage.js';
import { HOSTILE_VERSION } from './shop-scene.js';

describe.runIf(hasBrowser)(`on a dashboard of a host with the packages of Grafana ${hostVersion}`, () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.reset());
  afterAll(() => stage.close());

  it.each(['dark', 'light'])('shows what was caught, in %s', async (theme) => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/?theme=${theme}`);
    await panelReady(page);
    await shoot(shot(`panel-${theme}`));
    expect(await verdictsOn(page)).toEqual(['rollback', 'continue']);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('colours the annotations of every panel by verdict', async () => {
    const { page } = await openPage(stage.browser, `${stage.url}/d/`);
    await panelReady(page);
    const drawn = await page.evaluate(async () => {
      const host = (window as unknown as HostWindow).__host;
      const results = await new Promise<AnnotationResults>((resolve) => {
        host.layer.getResultsStream().subscribe((value) => resolve(value));
      });
      return results.data.series.flatMap(({ fields }) => {
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
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/`);
    await panelReady(page);
    await hoverAt(page, stage.shop.harmfulMs + 75_000);
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

  it('gives times in the time zone of the dashboard, and on pages in that of the user', async () => {
    const { page } = await openPage(stage.browser, `${stage.url}/d/?tz=Asia/Tokyo`);
    const began = new Date(stage.shop.harmfulMs + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    await panelReady(page);
    await page.locator('[data-verdict="rollback"]').click();
    await page.getByTestId('evidence').getByText(began).waitFor();
    await page.goto(
      `${stage.url}/a/bellwether-deployments-app/deployments/${stage.shop.ids.harmful}?tz=Asia/Tokyo`,
    );
    await page.getByTestId('evidence').getByText(began).waitFor();
    await page.close();
  });

  it('shares the crosshair with the other panels of the dashboard', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/?twin`, {
      width: 1280,
      height: 900,
    });
    await panelReady(page);
    await hoverAt(page, stage.shop.harmfulMs);
    await page.waitForFunction(() => {
      const places = [...document.querySelectorAll('.u-cursor-x')].map(
        (line) => getComputedStyle(line).transform,
      );
      return places.length === 2 && places[0] === places[1] && !places[0]?.includes('-10');
    });
    await shoot(shot('crosshair'));
    expect(problems).toEqual([]);
    await page.close();
  });

  it.each([
    ['line', true],
    ['off', false],
  ])('draws thresholds as the core panel does: %s', async (mode, isDrawn) => {
    const defaults = {
      thresholds: {
        mode: 'absolute',
        steps: [
          { value: null, color: 'green' },
          { value: 0.03, color: '#ff00ff' },
        ],
      },
    };
    const address = `${stage.url}/d/?defaults=${encodeURIComponent(JSON.stringify(defaults))}`;
    const custom = encodeURIComponent(JSON.stringify({ thresholdsStyle: { mode } }));
    const { page, problems, shoot } = await openPage(stage.browser, `${address}&custom=${custom}`);
    await panelReady(page);
    await shoot(shot(`thresholds-${mode}`));
    const isSeen = await page.evaluate(() => {
      const canvas = document.querySelector('canvas');
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      for (let at = 0; at < pixels.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = [pixels[at], pixels[at + 1], pixels[at + 2]];
        if (red > 150 && green < 80 && blue > 150) return true;
      }
      return false;
    });
    expect(isSeen).toBe(isDrawn);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('offers the deployments of any panel in its menu, by a rule that is shown', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/?layer=off`);
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
    stage.settings.permissions = new Set(['bellwether-deployments-app.verdicts:read']);
    const { page, shoot } = await openPage(stage.browser, `${stage.url}/d/`);
    await panelReady(page);
    await openRollback(page);
    const trouble = page.getByTestId('bellwether-trouble');
    await trouble.getByText('Bellwether operator').waitFor();
    await shoot(shot('refused'));
    expect(await page.getByTestId('confirm-rollback').count()).toBe(0);
    expect(stage.shop.rollbackOrders).toEqual([]);
    await page.close();
  });

  it('says what is wrong while the service is away, and comes back', async () => {
    stage.settings.serviceUrl = 'http://127.0.0.1:9';
    const { page, shoot } = await openPage(stage.browser, `${stage.url}/d/?layer=off`);
    await page.getByTestId('bellwether-trouble').getByText('Bellwether cannot be reached').waitFor();
    await page.waitForSelector('canvas');
    await shoot(shot('unreachable'));
    stage.settings.serviceUrl = stage.shop.service.url;
    await page.getByRole('button', { name: 'Try again' }).click();
    await panelReady(page);
    await page.close();
  });

  it('says that reading is not allowed', async () => {
    stage.settings.permissions = new Set();
    const { page, shoot } = await openPage(stage.browser, `${stage.url}/d/?layer=off`);
    await page.getByTestId('bellwether-trouble').getByText('Bellwether reader').waitFor();
    await shoot(shot('no-permission'));
    await page.close();
  });

  it('lets no name become markup', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/?service=evil&expr=x`);
    await page.locator('[data-verdict]').first().focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('evidence').getByText(HOSTILE_VERSION).waitFor();
    await shoot(shot('hostile'));
    expect(await page.evaluate(() => 'toString' in window && '__owned' in window)).toBe(false);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('copes with two hundred deployments on a narrow panel', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/?service=many&expr=x`, {
      width: 480,
      height: 640,
    });
    await page.locator('[data-verdict]').first().waitFor();
    await page.waitForSelector('canvas');
    await page.waitForTimeout(500);
    await shoot(shot('two-hundred-narrow'));
    expect(await page.locator('[data-verdict]').count()).toBe(12);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows no deployment and no data for what they are', async () => {
    const { page, problems, shoot } = await openPage(
      stage.browser,
      `${stage.url}/d/?service=nothing&layer=off&from=now-8h&to=now-7h`,
    );
    await page.getByText('No deployment of nothing in this range.').waitFor();
    await page.getByText('The queries of this panel brought no data.').waitFor();
    await shoot(shot('empty'));
    expect(problems).toEqual([]);
    await page.close();
  });

  it('rolls back with two clicks, once, to the recovery, on record, and no token ever reaches the page', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/`);
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
    await carriedOut(page);
    await shoot(shot('progress'));
    expect(stage.shop.rollbackOrders).toHaveLength(1);
    const { audit, people } = (await stage.shop.service.request(
      'GET',
      `/deployments/${stage.shop.ids.harmful}/report.json`,
    )) as {
      audit: { action: string; actor: string; detail: { reason?: string } }[];
      people: Record<string, string>;
    };
    const entry = audit.find(({ action }) => action === 'rollback.request');
    expect(entry?.detail.reason).toBe('errors of the new coupon rules');
    expect(people[entry?.actor ?? '']).toBe('grafana:ada');
    const { admin, read, operator } = stage.shop.service.tokens;
    const seen = [await page.content(), ...bodies].join('\n');
    for (const token of [admin, read, operator]) expect(seen).not.toContain(token);
    expect(problems).toEqual([]);
    await page.close();
  });
});
