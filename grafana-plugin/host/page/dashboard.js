// A real @grafana/scenes dashboard: annotation layer, variables, time picker, a panel with its menu.
import { DashboardCursorSync } from '@grafana/data';
import {
  behaviors,
  CustomVariable,
  dataLayers,
  EmbeddedScene,
  SceneControlsSpacer,
  SceneDataLayerControls,
  SceneDataLayerSet,
  SceneFlexItem,
  SceneFlexLayout,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  VizPanel,
  VizPanelMenu,
} from '@grafana/scenes';

/** @param q what the address asks for: range, layer, service, query, a second panel, field config */
export function createDashboard(q, menuItems) {
  const expr = q.get('expr') ?? 'errors{service="$service"}';
  const panelNamed = (title) => {
    const panel = new VizPanel({
      title,
      pluginId: 'bellwether-deployments-panel',
      fieldConfig: {
        defaults: {
          unit: 'percentunit',
          ...JSON.parse(q.get('defaults') ?? '{}'),
          custom: { lineWidth: 2, ...JSON.parse(q.get('custom') ?? '{}') },
        },
        overrides: [],
      },
      menu: new VizPanelMenu({ items: menuItems(() => panel, expr) }),
      $data: new SceneQueryRunner({
        datasource: { uid: 'series', type: 'series-double' },
        queries: [{ refId: 'A', expr }],
      }),
    });
    return panel;
  };
  const titles = q.has('twin') ? ['Errors', 'The same again'] : ['Errors'];
  const layer = new dataLayers.AnnotationsDataLayer({
    name: 'Deployments',
    isEnabled: true,
    query: {
      datasource: { type: 'bellwether-verdicts-datasource', uid: 'verdicts' },
      enable: true,
      iconColor: 'red',
      name: 'Deployments',
      target: { refId: 'Anno', service: '$service' },
    },
  });
  const scene = new EmbeddedScene({
    $timeRange: new SceneTimeRange({
      from: q.get('from') ?? 'now-2h',
      to: q.get('to') ?? 'now',
      timeZone: q.get('tz') ?? 'utc',
    }),
    $variables: new SceneVariableSet({
      variables: [
        new CustomVariable({
          name: 'service',
          query: 'checkout,cart,many,evil,nothing',
          value: q.get('service') ?? 'checkout',
          text: q.get('service') ?? 'checkout',
        }),
      ],
    }),
    ...(q.get('layer') === 'off' ? {} : { $data: new SceneDataLayerSet({ layers: [layer] }) }),
    controls: [
      new VariableValueSelectors({}),
      ...(q.get('layer') === 'off' ? [] : [new SceneDataLayerControls()]),
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      new SceneRefreshPicker({}),
    ],
    $behaviors: [new behaviors.CursorSync({ sync: DashboardCursorSync.Crosshair })],
    body: new SceneFlexLayout({
      direction: 'column',
      children: titles.map(
        (title) => new SceneFlexItem({ minHeight: 480 / titles.length, body: panelNamed(title) }),
      ),
    }),
  });
  return { scene, layer };
}
