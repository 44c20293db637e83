import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../src/config/config-schema.js';
import { grafanaApps } from '../../src/config/grafana-apps.js';

const top = join(import.meta.dirname, '..', '..', '..');
const compose = join(top, 'service/deploy/compose');
const read = (path: string): unknown => parse(readFileSync(path, 'utf8'));
const OURS = ['bellwether-deployments-app', 'bellwether-verdicts-datasource', 'bellwether-deployments-panel'];
/** What the datasource can be asked for. */
const KINDS = [
  'deployments',
  'verdicts',
  'harm-probability',
  'bands',
  'scores',
  'calibration',
  'annotations',
];

interface Datasource {
  readonly type: string;
  readonly uid: string;
}
interface Target {
  readonly refId: string;
  readonly datasource?: Datasource;
  readonly expr?: string;
  readonly kind?: string;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: Datasource;
  readonly targets?: readonly Target[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly annotations: {
    readonly list: readonly { readonly datasource: Datasource; readonly target?: Target }[];
  };
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown }[];
  };
}

const { datasources } = read(join(compose, 'grafana/provisioning/datasources/bellwether.yml')) as {
  readonly datasources: readonly (Datasource & {
    readonly url?: string;
    readonly jsonData: { serviceUrl?: string };
  })[];
};
const { apps } = read(join(compose, 'grafana/provisioning/plugins/bellwether.yml')) as {
  readonly apps: readonly { readonly type: string; readonly jsonData: { serviceUrl: string } }[];
};
const { services } = read(join(top, 'docker-compose.yml')) as {
  readonly services: Readonly<Record<string, { environment?: Record<string, string>; volumes?: string[] }>>;
};
const grafana = services['grafana'];
const files = [
  join(top, 'service/dashboards/bellwether.json'),
  join(top, 'service/dashboards/deployments.json'),
  ...readdirSync(join(compose, 'grafana/dashboards')).map((name) =>
    join(compose, 'grafana/dashboards', name),
  ),
];
const dashboards = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Dashboard);

describe.each(dashboards)('the dashboard $title', ({ panels, annotations, templating }) => {
  const variables = new Map(templating.list.map((variable) => [variable.name, variable]));

  it('has panels with numbers of their own that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const one of panels) {
      expect(one.gridPos.x + one.gridPos.w).toBeLessThanOrEqual(24);
      for (const other of panels)
        if (other.id > one.id)
          expect([one.title, other.title, overlap(one, other)]).toEqual([one.title, other.title, false]);
    }
  });

  it('asks datasources that are provisioned, in words that they know', () => {
    const asked = [
      ...panels.flatMap((panel) => [panel.datasource, ...(panel.targets ?? []).map((t) => t.datasource)]),
      ...annotations.list.map(({ datasource }) => datasource),
    ].filter((one) => one !== undefined && one.uid !== '-- Grafana --');
    for (const { type, uid } of asked as readonly Datasource[]) {
      const name = /^\$\{(\w+)\}$/.exec(uid)?.[1];
      const known =
        name === undefined
          ? datasources.some((one) => one.uid === uid && one.type === type)
          : variables.get(name)?.type === 'datasource' && variables.get(name)?.query === type;
      expect([uid, type, known]).toEqual([uid, type, true]);
    }
    const targets = [
      ...panels.flatMap((panel) =>
        (panel.targets ?? []).map((target) => ({ ...target, on: target.datasource })),
      ),
      ...annotations.list.flatMap(({ target, datasource }) =>
        target ? [{ ...target, on: datasource }] : [],
      ),
    ];
    for (const { kind, on } of targets)
      if (on?.type === OURS[1]) expect(KINDS).toContain(kind);
      else expect(kind).toBeUndefined();
  });

  it('fills in variables that it has', () => {
    const said = JSON.stringify([panels, annotations]);
    const builtIn = ['__rate_interval', '__interval', '__range'];
    for (const [, name = ''] of said.matchAll(/\$\{?(\w+)\}?/g))
      expect([...variables.keys(), ...builtIn]).toContain(name);
  });
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

it('the dashboard of the shop asks for metrics that the shop has', () => {
  const source = readFileSync(join(top, 'fixtures/shop/instance-metrics.ts'), 'utf8');
  const shop = dashboards.find(({ uid }) => uid === 'shop');
  const asked = JSON.stringify(shop?.panels).matchAll(/shop_[a-z_]+/g);
  for (const [metric] of asked) expect(source).toContain(`'${metric.replace(/_bucket$/, '')}'`);
});

it('each dashboard has an address of its own', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
});

it('plugins are those of the app, mounted where Grafana looks, and let in though nobody signed them', () => {
  expect(apps.map(({ type }) => type)).toEqual([OURS[0]]);
  expect(grafana?.environment?.['GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS']?.split(',')).toEqual(OURS);
  expect(grafana?.volumes).toContain(`./grafana-plugin/dist:/var/lib/grafana/plugins/${OURS[0] ?? ''}:ro`);
  const urls = [...apps, ...datasources].flatMap(({ jsonData }) => jsonData.serviceUrl ?? []);
  for (const url of urls) expect(Object.keys(services)).toContain(new URL(url).hostname);
  expect(urls).toHaveLength(2);
});

it('the service checks signatures of the Grafana that is there', () => {
  const config = configSchema.parse(JSON.parse(readFileSync(join(compose, 'bellwether.json'), 'utf8')));
  const token = {
    id: 't',
    name: 't',
    role: 'operator',
    project: '*',
    service: '*',
    environment: '*',
    hash: '',
    createdAtMs: 0,
  } as const;
  const [app] = grafanaApps(
    config,
    config.tokens.map(() => token),
  );
  expect(app?.signed?.issuer).toBe(grafana?.environment?.['GF_SERVER_ROOT_URL']);
  expect(app?.trustHeaders).toBe(false);
  expect(grafana?.environment?.['GF_FEATURE_TOGGLES_ENABLE']).toBe('idForwarding');
});

it('providers look where dashboards are mounted', () => {
  const { providers } = read(join(compose, 'grafana/provisioning/dashboards/bellwether.yml')) as {
    readonly providers: readonly { readonly options: { readonly path: string } }[];
  };
  for (const { options } of providers)
    expect(grafana?.volumes?.some((volume) => volume.split(':')[1]?.startsWith(options.path))).toBe(true);
});

it("Grafana's alert rules are those of Prometheus, word for word", () => {
  const { groups } = read(join(compose, 'grafana/provisioning/alerting/bellwether.yml')) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly title: string;
        readonly uid: string;
        readonly for: string;
        readonly condition: string;
        readonly labels: { severity: string };
        readonly data: readonly { refId: string; datasourceUid: string; model: { expr?: string } }[];
      }[];
    }[];
  };
  const original = (
    read(join(top, 'service/dashboards/alerts.yml')) as {
      readonly groups: readonly {
        readonly rules: readonly {
          alert: string;
          expr: string;
          for?: string;
          labels: { severity: string };
        }[];
      }[];
    }
  ).groups.flatMap(({ rules }) => rules);
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(3);
  for (const rule of rules) {
    const same = original.find(({ alert }) => alert === rule.title);
    expect(rule.uid).toMatch(/^[a-z-]{1,40}$/);
    const [asked, threshold] = rule.data;
    expect([asked?.refId, asked?.datasourceUid, asked?.model.expr]).toEqual([
      'A',
      'prometheus',
      `count(${same?.expr.split(/\s+/).join(' ').trim() ?? ''})`,
    ]);
    expect([rule.condition, threshold?.refId, threshold?.datasourceUid]).toEqual(['B', 'B', '__expr__']);
    expect(threshold?.model).toMatchObject({
      ...{ type: 'threshold', expression: 'A' },
      conditions: [{ evaluator: { type: 'gt', params: [0] } }],
    });
    expect([rule.for, rule.labels]).toEqual([same?.for ?? '0s', same?.labels]);
  }
});
