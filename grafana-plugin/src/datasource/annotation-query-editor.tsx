import type { AnnotationQuery, QueryEditorProps } from '@grafana/data';
import { Stack } from '@grafana/ui';
import { say } from '../words/say.js';
import type { VerdictDatasource } from './datasource.js';
import { FilterFields, TextField } from './filter-fields.js';
import { type ConnectionSettings, DEFAULT_CLUSTER_PERCENT, type VerdictQuery } from './verdict-query.js';

/** In the settings of a dashboard's annotations Grafana gives the whole annotation besides its query. */
interface Props extends QueryEditorProps<VerdictDatasource, VerdictQuery, ConnectionSettings> {
  readonly annotation?: AnnotationQuery<VerdictQuery>;
  readonly onAnnotationChange?: (annotation: AnnotationQuery<VerdictQuery>) => void;
}

/** Which deployments stand on the dashboard, and how near they must be to share a marker. */
export function AnnotationQueryEditor({ query, onChange, annotation, onAnnotationChange }: Props) {
  const target: VerdictQuery = { ...query, ...annotation?.target, refId: 'Anno' };
  const change = (part: Partial<VerdictQuery>): void => {
    const next: VerdictQuery = { ...target, ...part, kind: 'annotations' };
    if (annotation !== undefined && onAnnotationChange !== undefined)
      onAnnotationChange({ ...annotation, target: next });
    else onChange(next);
  };
  return (
    <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-end">
      <FilterFields query={target} onChange={change} />
      <TextField
        id="cluster-percent"
        label={say('query.cluster')}
        placeholder={String(DEFAULT_CLUSTER_PERCENT)}
        value={target.clusterPercent === undefined ? '' : String(target.clusterPercent)}
        onChange={(text) => change({ clusterPercent: clusterPercent(text) })}
      />
    </Stack>
  );
}

function clusterPercent(text: string): number {
  const percent = Number(text);
  return text.trim() !== '' && percent >= 0 && percent <= 100 ? percent : DEFAULT_CLUSTER_PERCENT;
}
