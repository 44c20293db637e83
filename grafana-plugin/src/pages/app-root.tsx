import type { AppRootProps } from '@grafana/data';
import type { ComponentType } from 'react';
import { Route, Routes } from 'react-router';
import type { AppSettings } from '../settings/app-settings.js';
import { DashboardsPage } from './dashboards-page.js';
import { DeploymentPage } from './deployment-page.js';
import { DeploymentsPage } from './deployments-page.js';
import { HealthPage } from './health-page.js';

/** The pages of the app. */
export const AppRoot: ComponentType<AppRootProps<AppSettings>> = () => (
  <Routes>
    <Route path="deployments/:id" element={<DeploymentPage />} />
    <Route path="dashboards" element={<DashboardsPage />} />
    <Route path="health" element={<HealthPage />} />
    <Route path="*" element={<DeploymentsPage />} />
  </Routes>
);
