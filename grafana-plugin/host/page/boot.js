// Runs before anything imports @grafana/runtime, which reads these once.
const parameters = new URLSearchParams(location.search);
const action = 'bellwether-deployments-app.';
const permissions = { [`${action}verdicts:read`]: true, [`${action}rollback:execute`]: true };
document.documentElement.lang = parameters.get('lang') ?? 'en-US';
window.__grafana_public_path__ = '/public/';
window.grafanaBootData = {
  assets: { dark: '', light: '' },
  navTree: [],
  user: {
    id: 1,
    login: 'ada',
    orgRole: 'Editor',
    theme: parameters.get('theme') ?? 'dark',
    locale: 'en-US',
    timezone: parameters.get('tz') ?? 'utc',
    isSignedIn: true,
    permissions,
  },
  settings: {
    appUrl: `${location.origin}/`,
    appSubUrl: '',
    buildInfo: { version: '13.2.2', edition: 'Open Source', env: 'production', commit: '' },
    featureToggles: {},
    datasources: {},
    panels: {},
    apps: {},
    dateFormats: {
      fullDate: 'YYYY-MM-DD HH:mm:ss',
      useBrowserLocale: false,
      interval: {
        millisecond: 'HH:mm:ss.SSS',
        second: 'HH:mm:ss',
        minute: 'HH:mm',
        hour: 'MM/DD HH:mm',
        day: 'MM/DD',
        month: 'YYYY-MM',
        year: 'YYYY',
      },
      defaultTimezone: 'utc',
    },
  },
};
