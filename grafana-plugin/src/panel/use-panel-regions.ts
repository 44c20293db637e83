import type { PanelProps } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { useMemo, useRef } from 'react';
import { queryTexts, variableValuesOf } from '../verdicts/panel-facts.js';
import { labelsOf, panelScope, type PanelScope } from '../verdicts/panel-scope.js';
import { type RegionsFound, useRegions } from '../verdicts/use-regions.js';
import { annotatedRegions } from './annotated-regions.js';
import type { PanelOptions } from './panel-options.js';

/** Deployments of the panel and by which rule they belong to it. */
export interface PanelRegions extends RegionsFound {
  readonly scope: PanelScope;
}

/**
 * Deployments that belong to the panel, asked for again with every refresh of its data. Those that the dashboard's annotation query brought
 * stand in until the panel's own answer is there, and where it may not ask.
 */
export function usePanelRegions({
  data,
  timeRange,
  options,
  replaceVariables,
}: Pick<PanelProps<PanelOptions>, 'data' | 'timeRange' | 'options' | 'replaceVariables'>): PanelRegions {
  const annotated = useMemo(() => annotatedRegions(data.annotations), [data.annotations]);
  const scope = panelScope({
    option: {
      service: replaceVariables(options.service, {}, 'csv'),
      environment: replaceVariables(options.environment, {}, 'csv'),
    },
    queries: queryTexts(data.request?.targets ?? []).map((text) => replaceVariables(text, {}, 'pipe')),
    labels: labelsOf(data.series),
    variables: variableValuesOf(getTemplateSrv()),
  });
  // New frames are a refresh of the dashboard, at whose pace a running watch is followed.
  const beat = useRef({ series: data.series, count: 0 });
  if (beat.current.series !== data.series)
    beat.current = { series: data.series, count: beat.current.count + 1 };
  const found = useRegions(
    { services: scope.services, environments: scope.environments, verdicts: [], label: '' },
    timeRange.from.valueOf(),
    timeRange.to.valueOf(),
    beat.current.count,
  );
  const standIn = found.isLoading || found.trouble !== undefined ? annotated : undefined;
  return standIn === undefined
    ? { ...found, scope }
    : { ...found, scope, regions: standIn, isLoading: false, trouble: undefined };
}
