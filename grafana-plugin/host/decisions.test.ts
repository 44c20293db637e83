import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { carriedOut, openMenu, panelReady } from './drive.js';
import { hasBrowser, openPage } from './open-page.js';
import type { ServiceProcess } from './service-process.js';
import { hostVersion, openStage, shot, type Stage } from './stage.js';

interface AuditEntry {
  readonly action: string;
  readonly actor: string;
  readonly authentication: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What the service has on record of a deployment, with people by name. */
async function auditOf(service: ServiceProcess, id: string): Promise<readonly AuditEntry[]> {
  const { audit, people } = (await service.request('GET', `/deployments/${id}/report.json`)) as {
    audit: readonly AuditEntry[];
    people: Readonly<Record<string, string>>;
  };
  return audit.map((entry) => ({ ...entry, actor: people[entry.actor] ?? entry.actor }));
}

describe.runIf(hasBrowser)(`what people decide, on the packages of Grafana ${hostVersion}`, () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.reset());
  afterAll(() => stage.close());

  it('sends whether a verdict was right', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/`);
    await panelReady(page);
    await page.locator('[data-verdict="continue"]').click();
    await page.getByRole('button', { name: 'Was it right? …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Was the verdict right?' });
    await dialog.getByRole('radio', { name: 'Wrong' }).check();
    await dialog.locator('textarea').fill('carts stayed empty');
    await shoot(shot('feedback'));
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('On record.').waitFor();
    const audit = await auditOf(stage.shop.service, stage.shop.ids.harmless);
    expect(audit.find(({ action }) => action === 'feedback.give')).toMatchObject({ actor: 'grafana:ada' });
    const { feedback } = (await stage.shop.service.request(
      'GET',
      `/api/v1/deployments/${stage.shop.ids.harmless}`,
    )) as { feedback: readonly object[] };
    expect(feedback).toMatchObject([{ judgement: 'wrong', comment: 'carts stayed empty' }]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('goes on before the verdict, for a reason, on record', async () => {
    const { id } = (await stage.shop.service.request('POST', '/api/v1/deployments', {
      service: 'cart',
      version: '7.2.0',
      environment: 'production',
    })) as { id: string };
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/?service=cart&expr=x`);
    await page.getByRole('button', { name: /7\.2\.0/ }).click();
    await page.getByRole('button', { name: 'Go on anyway …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Go on against or before the verdict' });
    const send = dialog.getByRole('button', { name: 'Go on', exact: true });
    expect(await send.isDisabled()).toBe(true);
    await dialog.locator('textarea').fill('hotfix, watched by hand');
    await shoot(shot('override'));
    await send.click();
    await dialog.getByText('On record.').waitFor();
    const entry = (await auditOf(stage.shop.service, id)).find(({ action }) => action === 'verdict.override');
    expect(entry).toMatchObject({ actor: 'grafana:ada', detail: { reason: 'hotfix, watched by hand' } });
    expect(problems).toEqual([]);
    await page.close();
  });

  it("is refused by the service's own rules where Grafana would let anybody", async () => {
    const { page, shoot } = await openPage(stage.browser, `${stage.url}/d/?service=many&expr=x`);
    await page.locator('[data-verdict]').first().click();
    await page.getByRole('button', { name: 'Roll back …' }).click();
    await page.getByTestId('bellwether-trouble').getByText('tokens[].grafana.allow').waitFor();
    await shoot(shot('refused-by-service'));
    expect(await page.getByTestId('confirm-rollback').count()).toBe(0);
    await page.close();
  });

  it('rolls back from the menu of any panel, into the audit log by name', async () => {
    const { page, problems, shoot } = await openPage(stage.browser, `${stage.url}/d/?layer=off`);
    await panelReady(page);
    await openMenu(page);
    const card = page.getByTestId('panel-deployments').locator('article').filter({ hasText: '→ 2.15.0' });
    await card.getByRole('button', { name: 'Roll back …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('drops the column "coupon"').waitFor();
    await dialog.locator('textarea').fill('errors of the new coupon rules');
    await shoot(shot('menu-confirmation'));
    await page.getByTestId('confirm-rollback').dblclick();
    await carriedOut(page);
    expect(stage.shop.rollbackOrders).toHaveLength(1);
    const requests = (await auditOf(stage.shop.service, stage.shop.ids.harmful)).filter(
      ({ action }) => action === 'rollback.request',
    );
    expect(requests).toMatchObject([
      {
        actor: 'grafana:ada',
        authentication: expect.stringContaining('grafana-context') as string,
        detail: { reason: 'errors of the new coupon rules' },
      },
    ]);
    await page.goto(`${stage.url}/a/bellwether-deployments-app/deployments/${stage.shop.ids.harmful}`);
    const row = page.getByRole('row').filter({ hasText: 'rollback.request' });
    await row.getByText('grafana:ada').waitFor();
    await row.scrollIntoViewIfNeeded();
    await shoot(shot('audit'));
    expect(problems).toEqual([]);
    await page.close();
  });
});
