import type { Browser } from 'playwright-core';
import { DASHBOARD_TOKEN, startDashboardsDouble } from '../../service/test/grafana-dashboards-double.js';
import { launchBrowser } from './open-page.js';
import { type ProxySettings, startProxyDouble } from './proxy-double.js';
import { type ShopScene, startShopScene } from './shop-scene.js';

/** Which version's packages the host page is made of. */
export const hostVersion = process.env['BELLWETHER_HOST_VERSION'] ?? '13';
/** What an Editor has. */
export const ALL_PERMISSIONS = ['verdicts:read', 'rollback:execute'].map(
  (name) => `bellwether-deployments-app.${name}`,
);

/** Everything that a browser test stands on. */
export interface Stage {
  readonly shop: ShopScene;
  /** The dashboards that the host's Grafana keeps. */
  readonly dashboards: Awaited<ReturnType<typeof startDashboardsDouble>>;
  readonly browser: Browser;
  readonly url: string;
  /** May be changed by a test; `reset` undoes it. */
  readonly settings: ProxySettings;
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

/** The real service with its shop, the proxy double before it, and a browser. */
export async function openStage(): Promise<Stage> {
  const shop = await startShopScene();
  const dashboards = await startDashboardsDouble();
  const settings: ProxySettings = {
    hostVersion,
    secrets: { readToken: shop.service.tokens.read, rollbackToken: shop.service.tokens.operator },
    serviceUrl: shop.service.url,
    permissions: new Set(ALL_PERMISSIONS),
    series: shop.series,
    dashboards: { url: dashboards.url, token: DASHBOARD_TOKEN },
  };
  const proxy = await startProxyDouble(settings);
  const browser = await launchBrowser();
  return {
    shop,
    dashboards,
    browser,
    url: proxy.url,
    settings,
    reset: () => {
      settings.permissions = new Set(ALL_PERMISSIONS);
      settings.serviceUrl = shop.service.url;
    },
    close: async () => {
      await browser.close();
      await proxy.stop();
      await dashboards.close();
      await shop.stop();
    },
  };
}

/** Name of a screenshot. */
export function shot(name: string): string {
  return `grafana-${hostVersion}-${name}`;
}
