// Against the Grafana of the composition (docs/docker.md), or the one at GRAFANA_URL that is provisioned like it.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig } from '@playwright/test';

const password = process.env['GRAFANA_ADMIN_PASSWORD'];
if (password === undefined)
  throw new Error(
    'GRAFANA_ADMIN_PASSWORD is not set; give the content of .bellwether/secrets/grafana-admin-password',
  );
const admin = { user: 'admin', password };
const executablePath = process.env['BELLWETHER_CHROMIUM'];

export default defineConfig<PluginOptions>({
  testDir: '.',
  forbidOnly: true,
  workers: 1,
  timeout: 60_000,
  use: {
    baseURL: process.env['GRAFANA_URL'] ?? 'http://127.0.0.1:3000',
    user: admin,
    grafanaAPICredentials: admin,
    ...(executablePath === undefined ? {} : { launchOptions: { executablePath } }),
  },
  projects: [
    {
      name: 'sign in',
      testDir: join(dirname(fileURLToPath(import.meta.resolve('@grafana/plugin-e2e'))), 'auth'),
      testMatch: /.*\.js/,
    },
    {
      name: 'plugin',
      dependencies: ['sign in'],
      use: { storageState: 'playwright/.auth/admin.json' },
    },
  ],
});
