import type { OptionsWithLegend, OptionsWithTooltip } from '@grafana/schema';

/** What a user sets for the panel. */
export interface PanelOptions extends OptionsWithLegend, OptionsWithTooltip {
  /** Empty: found by the rule of `panelScope`. */
  readonly service: string;
  readonly environment: string;
  /** Which metric's expectation is drawn; empty: the one named like a series, else the most telling one. */
  readonly bandMetric: string;
  readonly showBand: boolean;
  readonly showOnset: boolean;
  readonly showHarm: boolean;
  readonly showList: boolean;
}
