import { AppPlugin } from '@grafana/data';
import { AppRoot } from './pages/app-root.js';
import { panelMenuLink } from './panel-menu/panel-menu-link.js';
import { SettingsPage } from './settings/settings-page.js';
import type { AppSettings } from './settings/app-settings.js';
import { say } from './words/say.js';

export const plugin = new AppPlugin<AppSettings>()
  .setRootPage(AppRoot)
  .addConfigPage({
    title: say('settings.title'),
    icon: 'cog',
    id: 'configuration',
    body: SettingsPage,
  })
  .addLink(panelMenuLink);
