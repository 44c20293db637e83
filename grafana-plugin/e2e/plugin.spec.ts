import { expect, test } from '@grafana/plugin-e2e';

const APP = 'bellwether-deployments-app';
/** Provisioned by the composition. */
const DATASOURCE_UID = 'bellwether';
const SHOP = { uid: 'shop', panel: 'Failed requests' };

test('the datasource reads the service', async ({ gotoDataSourceConfigPage }) => {
  const page = await gotoDataSourceConfigPage(DATASOURCE_UID);
  await page.saveAndTest({ path: `/api/datasources/proxy/uid/${DATASOURCE_UID}/deployments` });
  await expect(page).toHaveAlert('success');
});

test('the app has its pages, and its token reads the service', async ({ gotoAppPage, page }) => {
  await gotoAppPage({ pluginId: APP, path: '/health' });
  await expect(page.getByText('Do the promised error rates hold?')).toBeVisible();
  await gotoAppPage({ pluginId: APP, path: '/dashboards' });
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByText('Nothing was written.')).toBeVisible();
});

test('the connection test of the app answers', async ({ gotoAppConfigPage, page }) => {
  await gotoAppConfigPage({ pluginId: APP });
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByTestId('settings-outcome')).toContainText('Bellwether answers');
});

test("every panel's menu leads to the deployments of its service", async ({ gotoDashboardPage, page }) => {
  const dashboard = await gotoDashboardPage({ uid: SHOP.uid });
  const panel = dashboard.getPanelByTitle(SHOP.panel);
  await panel.clickOnMenuItem('Deployments and rollback', { parentItem: 'Extensions' });
  await expect(page.getByTestId('scope-rule')).toBeVisible();
  await expect(page.getByTestId('bellwether-trouble')).toHaveCount(0);
});
