import type { SetFieldConfigOptionsArgs } from '@grafana/data';
import {
  GraphDrawStyle,
  type GraphFieldConfig,
  GraphThresholdsStyleMode,
  LineInterpolation,
  VisibilityMode,
} from '@grafana/schema';
import { commonOptionsBuilder } from '@grafana/ui';
import { type Message, say } from '../words/say.js';

type CustomConfig = Exclude<SetFieldConfigOptionsArgs<GraphFieldConfig>['useCustomConfig'], undefined>;

const choice = <T extends string>(value: T, label: Message) => ({ value, label: say(label) });
const choices = {
  drawStyle: [
    choice(GraphDrawStyle.Line, 'draw.line'),
    choice(GraphDrawStyle.Bars, 'draw.bars'),
    choice(GraphDrawStyle.Points, 'draw.points'),
  ],
  lineInterpolation: [
    choice(LineInterpolation.Linear, 'draw.linear'),
    choice(LineInterpolation.Smooth, 'draw.smooth'),
    choice(LineInterpolation.StepBefore, 'draw.step-before'),
    choice(LineInterpolation.StepAfter, 'draw.step-after'),
  ],
  showPoints: [
    choice(VisibilityMode.Auto, 'draw.auto'),
    choice(VisibilityMode.Always, 'draw.always'),
    choice(VisibilityMode.Never, 'draw.never'),
  ],
  thresholds: [
    choice(GraphThresholdsStyleMode.Off, 'draw.off'),
    choice(GraphThresholdsStyleMode.Line, 'draw.lines'),
    choice(GraphThresholdsStyleMode.Dashed, 'draw.dashed'),
    choice(GraphThresholdsStyleMode.Area, 'draw.areas'),
  ],
};

/** How series are drawn: the settings of the core time series panel, under the same names, so that overrides can be copied over. */
export const addSeriesConfig: CustomConfig = (builder) => {
  const category = [say('option.series')];
  builder
    .addRadio({
      path: 'drawStyle',
      name: say('series.style'),
      category,
      defaultValue: GraphDrawStyle.Line,
      settings: { options: choices.drawStyle },
    })
    .addRadio({
      path: 'lineInterpolation',
      name: say('series.interpolation'),
      category,
      defaultValue: LineInterpolation.Linear,
      settings: { options: choices.lineInterpolation },
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
      settings: { options: choices.showPoints },
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
      settings: { options: choices.thresholds },
    });
  commonOptionsBuilder.addAxisConfig(builder, { axisBorderShow: false });
  commonOptionsBuilder.addHideFrom(builder);
};
