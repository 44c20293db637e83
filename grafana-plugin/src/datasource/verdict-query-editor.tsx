import type { QueryEditorProps } from '@grafana/data';
import { Combobox, Field, Stack } from '@grafana/ui';
import { say } from '../words/say.js';
import type { VerdictDatasource } from './datasource.js';
import { FilterFields, TextField } from './filter-fields.js';
import { type ConnectionSettings, queryKinds, type QueryKind, type VerdictQuery } from './verdict-query.js';

type Props = QueryEditorProps<VerdictDatasource, VerdictQuery, ConnectionSettings>;

const kinds = queryKinds
  .filter((kind): kind is Exclude<QueryKind, 'annotations'> => kind !== 'annotations')
  .map((kind) => ({ value: kind, label: say(`kind.${kind}`) }));

/** What is asked, and of which deployments. */
export function VerdictQueryEditor({ query, onChange, onRunQuery }: Props) {
  const change = (part: Partial<VerdictQuery>): void => {
    onChange({ ...query, ...part });
    onRunQuery();
  };
  const kind = query.kind ?? 'deployments';
  return (
    <Stack direction="row" gap={2} wrap="wrap" alignItems="flex-end">
      <Field label={say('query.kind')} noMargin>
        <Combobox
          id={`kind-${query.refId}`}
          width={32}
          options={kinds}
          value={kind}
          onChange={({ value }) => change({ kind: value })}
        />
      </Field>
      <FilterFields query={query} onChange={change} />
      {(kind === 'bands' || kind === 'scores') && (
        <TextField
          id={`metric-${query.refId}`}
          label={say('query.metric')}
          placeholder={say('query.any')}
          value={query.metric ?? ''}
          onChange={(metric) => change({ metric })}
        />
      )}
    </Stack>
  );
}
