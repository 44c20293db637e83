import { getDataSourceSrv, PluginPage } from '@grafana/runtime';
import {
  Alert,
  Button,
  Combobox,
  Field,
  Input,
  LoadingPlaceholder,
  RadioButtonGroup,
  Stack,
} from '@grafana/ui';
import { useEffect, useId, useMemo, useState } from 'react';
import {
  attachChange,
  DATASOURCE_TYPE,
  deploymentsQuery,
  detachChange,
} from '../../../service/src/api/annotation-query.js';
import { AttachResults } from '../dashboards/attach-results.js';
import { dashboardApi, type Place } from '../dashboards/dashboard-api.js';
import { type Attaching, failureText, useAttaching } from '../dashboards/use-attaching.js';
import { say } from '../words/say.js';

interface Choice {
  readonly action: 'attach' | 'detach';
  /** Empty: every folder. */
  readonly folderUid: string;
  readonly title: string;
  readonly datasourceUid: string;
  readonly service: string;
  readonly environment: string;
}

const actions = (['attach', 'detach'] as const).map((value) => ({ value, label: say(`attach.${value}`) }));

/** Puts the deployments' annotation query on dashboards, after a preview and with a way back. */
export function DashboardsPage() {
  const sources = useMemo(verdictSources, []);
  const [choice, setChoice] = useState<Choice>({
    action: 'attach',
    folderUid: '',
    title: '',
    datasourceUid: sources[0]?.uid ?? '',
    service: '',
    environment: '',
  });
  const { phase, reset, preview, carryOut, undo } = useAttaching();
  const change = (changed: Partial<Choice>): void => {
    setChoice({ ...choice, ...changed });
    reset();
  };
  const attaching = attachingOf(choice);
  const changed =
    'results' in phase ? phase.results.filter(({ outcome }) => outcome === 'changed').length : 0;
  if (sources.length === 0)
    return (
      <PluginPage>
        <Alert severity="info" title={say('attach.no-source')}>
          {say('attach.no-source-remedy')}
        </Alert>
      </PluginPage>
    );
  return (
    <PluginPage>
      <p>{say('attach.about')}</p>
      <ChoiceFields choice={choice} sources={sources} onChange={change} />
      <Stack direction="row" gap={1} wrap="wrap">
        <Button
          variant={phase.kind === 'previewed' ? 'secondary' : 'primary'}
          disabled={phase.kind === 'working'}
          onClick={() => preview(attaching)}
        >
          {say('attach.preview')}
        </Button>
        {phase.kind === 'previewed' && changed > 0 && (
          <Button onClick={() => carryOut(attaching)}>{say('attach.carry-out', { count: changed })}</Button>
        )}
        {phase.kind === 'changed' && changed > 0 && (
          <Button variant="secondary" icon="history" onClick={undo}>
            {say('attach.undo', { count: changed })}
          </Button>
        )}
      </Stack>
      <br />
      {phase.kind === 'working' && (
        <LoadingPlaceholder text={say('attach.working', { done: phase.done, of: phase.of })} />
      )}
      {phase.kind === 'failed' && (
        <Alert severity="error" title={say('attach.failed')}>
          {phase.message}
        </Alert>
      )}
      {'results' in phase && <AttachResults results={phase.results} isPreview={phase.kind === 'previewed'} />}
    </PluginPage>
  );
}

function ChoiceFields({
  choice,
  sources,
  onChange,
}: {
  readonly choice: Choice;
  readonly sources: readonly Place[];
  readonly onChange: (changed: Partial<Choice>) => void;
}) {
  const { folders, trouble } = useFolders();
  const ids = { folder: useId(), title: useId(), source: useId(), service: useId(), environment: useId() };
  const text = (name: 'title' | 'service' | 'environment', label: string, placeholder: string) => (
    <Field label={label} htmlFor={ids[name]}>
      <Input
        id={ids[name]}
        width={28}
        value={choice[name]}
        placeholder={placeholder}
        onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      />
    </Field>
  );
  return (
    <>
      {trouble !== undefined && (
        <Alert severity="error" title={say('attach.failed')}>
          {trouble}
        </Alert>
      )}
      <Field label={say('attach.action')}>
        <RadioButtonGroup
          options={actions}
          value={choice.action}
          onChange={(action) => onChange({ action })}
        />
      </Field>
      <Stack direction="row" gap={2} wrap="wrap">
        <Field label={say('attach.folder')} htmlFor={ids.folder}>
          <Combobox
            id={ids.folder}
            width={28}
            options={[{ uid: '', title: say('attach.all-folders') }, ...folders].map(optionOf)}
            value={choice.folderUid}
            onChange={({ value }) => onChange({ folderUid: value })}
          />
        </Field>
        {text('title', say('attach.title'), say('query.any'))}
        {choice.action === 'attach' && (
          <>
            {text('service', say('query.service'), say('query.any-or-variable'))}
            {text('environment', say('query.environment'), say('query.any'))}
            {sources.length > 1 && (
              <Field label={say('attach.source')} htmlFor={ids.source}>
                <Combobox
                  id={ids.source}
                  width={28}
                  options={sources.map(optionOf)}
                  value={choice.datasourceUid}
                  onChange={({ value }) => onChange({ datasourceUid: value })}
                />
              </Field>
            )}
          </>
        )}
      </Stack>
    </>
  );
}

function optionOf({ uid, title }: Place) {
  return { value: uid, label: title };
}

function attachingOf({ action, folderUid, title, ...filter }: Choice): Attaching {
  const place = { folderUid: folderUid === '' ? undefined : folderUid, title };
  if (action === 'detach')
    return { ...place, changeFor: detachChange, message: say('attach.message-detach') };
  const query = deploymentsQuery(filter);
  return {
    ...place,
    changeFor: (dashboard) => attachChange(dashboard, query),
    message: say('attach.message-attach'),
  };
}

function verdictSources(): readonly Place[] {
  return getDataSourceSrv()
    .getList({ type: DATASOURCE_TYPE })
    .filter(({ type }) => type === DATASOURCE_TYPE)
    .map(({ uid, name }) => ({ uid, title: name }));
}

function useFolders(): { readonly folders: readonly Place[]; readonly trouble: string | undefined } {
  const [found, setFound] = useState<{ folders: readonly Place[]; trouble: string | undefined }>({
    folders: [],
    trouble: undefined,
  });
  useEffect(() => {
    dashboardApi.folders().then(
      (folders) => setFound({ folders, trouble: undefined }),
      (error: unknown) => setFound({ folders: [], trouble: failureText(error) }),
    );
  }, []);
  return found;
}
