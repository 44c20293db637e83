import { describe, expect, it } from 'vitest';
import app from './plugin.json';
import datasource from './datasource/plugin.json';
import panel from './panel/plugin.json';
import { panelMenuLink } from './panel-menu/panel-menu-link.js';
import { APP_ID } from './verdicts/service-client.js';

const permissions = app.roles.flatMap(({ role }) => role.permissions.map(({ action }) => action));

describe('plugin.json', () => {
  it('has ids of the form that Grafana demands', () => {
    expect(app.id).toBe(APP_ID);
    for (const { id, type } of [app, datasource, panel])
      expect(id).toMatch(new RegExp(`^[0-9a-z]+-[0-9a-z]+-${type}$`));
  });

  it('declares the link of the panel menu as it is added, or Grafana drops it', () => {
    const { title, description, targets } = panelMenuLink;
    expect(app.extensions.addedLinks).toEqual([{ title, description, targets: [targets] }]);
  });

  it('guards every route of the app by an action that a role grants', () => {
    for (const { reqAction } of app.routes) expect(permissions).toContain(reqAction);
  });

  it('lets nobody act who may only read', () => {
    const acting = app.routes.filter(({ headers }) =>
      headers.some(({ content }) => content.includes('rollbackToken')),
    );
    expect(acting.map(({ path, method, reqAction }) => [path, method, reqAction])).toEqual([
      ['actions/*', 'POST', `${APP_ID}.rollback:execute`],
    ]);
    const reader = app.roles.filter(({ grants }) => grants.includes('Viewer'));
    expect(reader.flatMap(({ role }) => role.permissions)).toEqual([{ action: `${APP_ID}.verdicts:read` }]);
  });

  it('lets the datasource read alone, with a token of its own', () => {
    for (const { method, headers } of datasource.routes) {
      expect(method).toBe('GET');
      expect(headers).toEqual([{ name: 'Authorization', content: 'Bearer {{ .SecureJsonData.readToken }}' }]);
    }
  });

  it('needs the same Grafana everywhere', () => {
    expect(
      new Set([app, datasource, panel].map(({ dependencies }) => dependencies.grafanaDependency)).size,
    ).toBe(1);
  });
});
