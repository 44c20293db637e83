import type { SetFieldConfigOptionsArgs } from '@grafana/data';
import {
  GraphDrawStyle,
  type GraphFieldConfig,
  GraphThresholdsStyleMode,
  LineInterpolation,
  VisibilityMode,
} from '@grafana/schema';
import { commonOptionsBuilder, graphFieldOptions } from '@grafana/ui';
import { say } from '../words/say.js';

type CustomConfig = Exclude<SetFieldConfigOptionsArgs<GraphFieldConfig>['useCustomConfig'], undefined>;

/** How series are drawn: the settings of the core time series panel, under the same names, so that overrides can be copied over. */
export const addSeriesConfig: CustomConfig = (builder) => {
  const category = [say('option.series')];
  builder
    .addRadio({
      path: 'drawStyle',
      name: say('series.style'),
      category,
      defaultValue: GraphDrawStyle.Line,
      settings: { options: graphFieldOptions.drawStyle },
    })
    .addRadio({
      path: 'lineInterpolation',
      name: say('series.interpolation'),
      category,
      defaultValue: LineInterpolation.Linear,
      settings: { options: graphFieldOptions.lineInterpolation },
    })
    .addSliderInput({
      path: 'lineWidth',
      name: say('series.width'),
      category,
      defaultValue: 1,
      settings: { min: 0, max: 10, step: 1 },
    })
    .addSliderInput({
      path: 'fillOpacity',
      name: say('series.fill'),
      category,
      defaultValue: 0,
      settings: { min: 0, max: 100, step: 1 },
    })
    .addRadio({
      path: 'showPoints',
      name: say('series.points'),
      category,
      defaultValue: VisibilityMode.Auto,
      settings: { options: graphFieldOptions.showPoints },
    })
    .addSliderInput({
      path: 'pointSize',
      name: say('series.point-size'),
      category,
      defaultValue: 5,
      settings: { min: 1, max: 40, step: 1 },
    })
    .addBooleanSwitch({ path: 'spanNulls', name: say('series.span'), category, defaultValue: false })
    .addRadio({
      path: 'thresholdsStyle.mode',
      name: say('series.thresholds'),
      category,
      defaultValue: GraphThresholdsStyleMode.Off,
      settings: { options: graphFieldOptions.thresholdsDisplayModes },
    });
  commonOptionsBuilder.addAxisConfig(builder, { axisBorderShow: false });
  commonOptionsBuilder.addHideFrom(builder);
};
