// The host double: loads the built plugins as Grafana would, and shows a dashboard, an app page or the settings.
import 'uplot/dist/uPlot.min.css';
import 'react-grid-layout/css/styles.css';
import { createTheme, setTimeZoneResolver, ThemeContext } from '@grafana/data';
import { config, locationService, LocationServiceProvider } from '@grafana/runtime';
import { sceneGraph, sceneUtils } from '@grafana/scenes';
import { GlobalStyles, Modal, ModalRoot, PortalContainer } from '@grafana/ui';
import { initializeI18n } from '@grafana/i18n/internal';
import { createElement as h, Fragment, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'react-router-dom-v5';
import { CompatRouter, Route, Routes } from 'react-router-dom-v5-compat';
import { createDashboard } from './dashboard.js';
import { measure } from './performance.js';
import { fillRegistries } from './field-registries.js';
import { installRuntime, calls } from './runtime.js';
import { SeriesDatasource } from './series-datasource.js';
import { shareModules } from './shared-modules.js';

const APP = 'bellwether-deployments-app';
const host = { errors: [], calls, scene: undefined, layer: undefined };
window.__host = host;
window.addEventListener('error', ({ message }) => host.errors.push(message));
window.addEventListener('unhandledrejection', ({ reason }) => host.errors.push(String(reason)));
let openModal = () => {};

async function main() {
  const query = new URLSearchParams(location.search);
  const theme = createTheme({ colors: { mode: query.get('theme') ?? 'dark' } });
  config.theme2 = theme;
  config.theme = theme.v1;
  const backend = { type: 'backend', init() {}, read: (_language, _namespace, done) => done(null, {}) };
  await initializeI18n({ language: 'en-US', ns: [], module: backend });
  fillRegistries();
  setTimeZoneResolver(() => window.grafanaBootData.user.timezone);
  const load = pluginLoader(shareModules());
  const started = performance.now();
  const [app, datasource] = await Promise.all([load(''), load('datasource/')]);
  host.loadMs = performance.now() - started;
  const settings = {
    id: 1,
    uid: 'verdicts',
    name: 'Verdicts',
    type: datasource.meta.id,
    access: 'proxy',
    url: '/api/datasources/proxy/uid/verdicts',
    jsonData: { serviceUrl: query.get('serviceUrl') ?? 'http://bellwether:8390' },
    meta: datasource.meta,
    readOnly: false,
  };
  const instance = new datasource.DataSourceClass(settings);
  instance.components = datasource.components;
  instance.meta = datasource.meta;
  host.datasource = instance;
  installRuntime({
    importPanelPlugin: () => load('panel/'),
    datasources: [{ uid: 'verdicts', name: 'Verdicts', settings, instance }],
    scene: () => host.scene,
  });
  sceneUtils.registerRuntimeDataSource({ dataSource: new SeriesDatasource('series-double', 'series') });
  if (location.pathname === '/performance') {
    const { panel } = await load('panel/');
    host.measure = () => measure(theme, panel, (page) => h(ThemeContext.Provider, { value: theme }, page));
    return;
  }
  render(theme, pageOf(query, app, datasource, settings));
}

/** Loads a built plugin once. */
function pluginLoader(System) {
  const loaded = new Map();
  return async (folder) => {
    if (loaded.has(folder)) return loaded.get(folder);
    const base = `public/plugins/${APP}/${folder}`;
    const meta = await (await fetch(`/${base}plugin.json`)).json();
    const { plugin } = await System.import(`/${base}module.js`);
    plugin.meta = {
      ...meta,
      baseUrl: base,
      module: `${base}module.js`,
      enabled: true,
      jsonData: {},
      secureJsonFields: {},
    };
    loaded.set(folder, plugin);
    return plugin;
  };
}

function pageOf(query, app, datasource, settings) {
  if (location.pathname.startsWith('/a/')) return appPage(app);
  if (location.pathname.startsWith('/plugins/')) {
    app.meta.jsonData = { serviceUrl: settings.jsonData.serviceUrl };
    const [{ body }] = app.configPages;
    return h('main', { style: { padding: 16 } }, h(body, { plugin: app, query: {} }));
  }
  if (location.pathname === '/editors') return editors(datasource, settings);
  const { scene, layer } = createDashboard(query, (panel, expr) => menuItems(app, panel, expr));
  Object.assign(host, { scene, layer, range: () => sceneGraph.getTimeRange(scene).state.value });
  return h(scene.Component, { model: scene });
}

function appPage(app) {
  const props = { meta: app.meta, query: {}, path: '', basename: `/a/${APP}` };
  return h(Routes, null, h(Route, { path: `/a/${APP}/*`, element: h(app.root, props) }));
}

/** Query and config editors, each with its own state as Grafana keeps it. */
function editors({ components }, settings) {
  const Editors = () => {
    const [options, setOptions] = useState({ ...settings, secureJsonFields: {}, secureJsonData: {} });
    const [query, setQuery] = useState({ refId: 'A', kind: 'bands' });
    host.query = query;
    return h(
      'main',
      { style: { padding: 16 } },
      h(components.ConfigEditor, { options, onOptionsChange: setOptions }),
      h('hr'),
      h(components.QueryEditor, { query, onChange: setQuery, onRunQuery() {}, datasource: host.datasource }),
      h('hr'),
      h(host.datasource.annotations.QueryEditor, {
        query,
        onChange: setQuery,
        onRunQuery() {},
        datasource: host.datasource,
      }),
    );
  };
  return h(Editors);
}

/** Links that the app adds to panel menus, given the context that Grafana gives them. */
function menuItems(app, panel, expr) {
  return app.addedLinkConfigs.map((link) => ({
    text: link.title,
    iconClassName: link.icon,
    onClick: (event) =>
      link.onClick(event, { context: contextOf(panel(), expr), openModal: (modal) => openModal(modal) }),
  }));
}

function contextOf(panel, expr) {
  const { from, to } = sceneGraph.getTimeRange(panel).state.value.raw;
  return {
    pluginId: panel.state.pluginId,
    id: 1,
    title: panel.state.title,
    timeRange: { from, to },
    timeZone: 'utc',
    dashboard: { uid: 'd', title: 'Shop', tags: [] },
    targets: [{ refId: 'A', expr }],
    scopedVars: { __sceneObject: { value: panel } },
    data: sceneGraph.getData(panel).state.data,
  };
}

function Modals() {
  const [modal, setModal] = useState();
  openModal = setModal;
  if (modal === undefined) return null;
  const close = () => setModal(undefined);
  return h(
    Modal,
    { title: modal.title, isOpen: true, onDismiss: close },
    h(modal.body, { onDismiss: close }),
  );
}

function render(theme, page) {
  const Provider = LocationServiceProvider ?? Fragment;
  const history = locationService.getHistory();
  createRoot(document.getElementById('root')).render(
    h(
      ThemeContext.Provider,
      { value: theme },
      h(GlobalStyles),
      h(
        Provider,
        { service: locationService },
        h(Router, { history }, h(CompatRouter, null, page, h(Modals), h(ModalRoot), h(PortalContainer))),
      ),
    ),
  );
}

main().catch((error) => {
  host.errors.push(`boot: ${error?.stack ?? error}`);
  document.body.dataset.bootError = String(error);
});
