import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { type GraphFieldConfig, SortOrder, TooltipDisplayMode } from '@grafana/schema';
import { commonOptionsBuilder } from '@grafana/ui';
import { say } from '../words/say.js';
import { DeploymentsPanel } from './deployments-panel.js';
import { addSeriesConfig } from './series-config.js';
import type { PanelOptions } from './panel-options.js';

export const plugin = new PanelPlugin<PanelOptions, GraphFieldConfig>(DeploymentsPanel)
  .useFieldConfig({
    standardOptions: {
      [FieldConfigProperty.Color]: {
        settings: { byValueSupport: true, bySeriesSupport: true, preferThresholdsMode: false },
        defaultValue: { mode: FieldColorModeId.PaletteClassic },
      },
    },
    useCustomConfig: addSeriesConfig,
  })
  .setPanelOptions((builder) => {
    const category = [say('option.category')];
    builder
      .addTextInput({
        path: 'service',
        name: say('query.service'),
        description: say('option.service-help'),
        settings: { placeholder: say('option.by-rule') },
        defaultValue: '',
        category,
      })
      .addTextInput({
        path: 'environment',
        name: say('query.environment'),
        settings: { placeholder: say('query.any') },
        defaultValue: '',
        category,
      })
      .addBooleanSwitch({ path: 'showList', name: say('option.list'), defaultValue: true, category })
      .addBooleanSwitch({ path: 'showBand', name: say('option.band'), defaultValue: true, category })
      .addTextInput({
        path: 'bandMetric',
        name: say('option.band-metric'),
        description: say('option.band-metric-help'),
        settings: { placeholder: say('option.by-rule') },
        defaultValue: '',
        category,
        showIf: ({ showBand }) => showBand,
      })
      .addBooleanSwitch({ path: 'showOnset', name: say('option.onset'), defaultValue: true, category })
      .addBooleanSwitch({ path: 'showHarm', name: say('option.harm'), defaultValue: true, category });
    commonOptionsBuilder.addTooltipOptions(builder, false, true, {
      tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.None },
    });
    commonOptionsBuilder.addLegendOptions(builder);
  })
  .setDataSupport({ annotations: true, alertStates: true });
