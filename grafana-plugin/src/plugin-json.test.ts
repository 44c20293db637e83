import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import app from './plugin.json';
import datasource from './datasource/plugin.json';
import panel from './panel/plugin.json';
import { panelMenuLink } from './panel-menu/panel-menu-link.js';
import { APP_ID } from './verdicts/service-client.js';

const permissions = app.roles.flatMap(({ role }) => role.permissions.map(({ action }) => action));

/** Beside each plugin.json lie the pictures that it names. */
const files = [
  { name: 'plugin.json', content: app },
  { name: 'datasource/plugin.json', content: datasource },
  { name: 'panel/plugin.json', content: panel },
] as const;
/** Fields that Grafana's reference of plugin.json documents, of those that a plugin without a backend can use. */
const documented = new Set(
  '$schema type name id info dependencies preload includes roles routes extensions annotations metrics alerting explore logs queryOptions category skipDataQuery'.split(
    ' ',
  ),
);
const routeFields = new Set(['path', 'method', 'url', 'reqAction', 'headers']);

describe('plugin.json', () => {
  it.each(files)('has what Grafana demands and nothing that it does not know: $name', ({ content }) => {
    expect(Object.keys(content).filter((field) => !documented.has(field))).toEqual([]);
    const { info, name, dependencies } = content;
    expect(name).not.toBe('');
    expect(info.version).toBe('%VERSION%');
    expect(info.updated).toBe('%TODAY%');
    expect(info.keywords.length).toBeGreaterThan(0);
    expect(dependencies.grafanaDependency).toMatch(/^>=\d+\.\d+\.\d+$/);
  });

  it.each(files)('names pictures that are there: $name', ({ name, content }) => {
    const folder = join(import.meta.dirname, dirname(name));
    for (const logo of Object.values(content.info.logos))
      expect(readFileSync(join(folder, logo), 'utf8')).toContain('<svg');
    const screenshots = 'screenshots' in content.info ? content.info.screenshots : [];
    for (const { path } of screenshots)
      expect(readFileSync(join(folder, path)).subarray(1, 4).toString()).toBe('PNG');
  });

  it('has routes of known fields, one method each, and pages below its own address', () => {
    for (const route of [...app.routes, ...datasource.routes]) {
      expect(Object.keys(route).filter((field) => !routeFields.has(field))).toEqual([]);
      expect(route.method).toMatch(/^(GET|POST)$/);
    }
    for (const { type, path } of app.includes)
      expect(path).toMatch(
        type === 'page' ? /^\/(a|plugins)\/%PLUGIN_ID%(\/[a-z]+)?$/ : new RegExp(`^${type}/plugin\\.json$`),
      );
  });

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
