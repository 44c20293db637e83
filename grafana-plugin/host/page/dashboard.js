// A real @grafana/scenes dashboard: annotation layer, variables, time picker, a panel with its menu.
import {
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

/** @param q what the address asks for: range, layer, service, query */
export function createDashboard(q, menuItems) {
  const expr = q.get('expr') ?? 'errors{service="$service"}';
  const panel = new VizPanel({
    title: q.get('title') ?? 'Errors',
    pluginId: q.get('panel') ?? 'bellwether-deployments-panel',
    options: JSON.parse(q.get('options') ?? '{}'),
    fieldConfig: { defaults: { unit: 'percentunit', custom: { lineWidth: 2 } }, overrides: [] },
    menu: new VizPanelMenu({ items: menuItems(() => panel, expr) }),
    $data: new SceneQueryRunner({
      datasource: { uid: 'series', type: 'series-double' },
      queries: [{ refId: 'A', expr }],
    }),
  });
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
      timeZone: 'utc',
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
    body: new SceneFlexLayout({
      direction: 'column',
      children: [new SceneFlexItem({ minHeight: 480, body: panel })],
    }),
  });
  return { scene, panel, layer };
}
