import { dateMath, type PluginExtensionPanelContext, type RawTimeRange } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { Field, Input, LoadingPlaceholder, Stack } from '@grafana/ui';
import { useId, useState } from 'react';
import { RollbackForm } from '../rollback/rollback-dialog.js';
import { labelsOf, panelScope, type PanelScope } from '../verdicts/panel-scope.js';
import { queryTexts, variableValuesOf } from '../verdicts/panel-facts.js';
import type { Region } from '../verdicts/region.js';
import { TroubleAlert } from '../verdicts/trouble-alert.js';
import { useRegions } from '../verdicts/use-regions.js';
import { say } from '../words/say.js';
import { DeploymentCard } from './deployment-card.js';

/** Deployments of the visible range that belong to a panel, by a rule that is shown and can be changed. */
export function PanelDeployments({
  context,
  onDismiss,
}: {
  readonly context: PluginExtensionPanelContext;
  readonly onDismiss: () => void;
}) {
  const [scope, setScope] = useState(() => scopeOf(context));
  const [rollingBack, rollBack] = useState<Region>();
  if (rollingBack !== undefined) return <RollbackForm id={rollingBack.id} onDismiss={onDismiss} />;
  return (
    <>
      <ScopeFields scope={scope} onChange={setScope} />
      <Found scope={scope} context={context} onRollback={rollBack} />
    </>
  );
}

function scopeOf({ targets, scopedVars, data }: PluginExtensionPanelContext): PanelScope {
  const templateSrv = getTemplateSrv();
  return panelScope({
    queries: queryTexts(targets).map((text) => templateSrv.replace(text, scopedVars, 'pipe')),
    labels: labelsOf(data?.series ?? []),
    variables: variableValuesOf(templateSrv),
  });
}

function ScopeFields({
  scope,
  onChange,
}: {
  readonly scope: PanelScope;
  readonly onChange: (scope: PanelScope) => void;
}) {
  const [serviceId, environmentId] = [useId(), useId()];
  const values = (text: string): readonly string[] =>
    text
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '');
  return (
    <>
      <p data-testid="scope-rule">{say(`scope.${scope.rule}`, { found: scope.found })}</p>
      <Stack direction="row" gap={2}>
        <Field label={say('query.service')} htmlFor={serviceId}>
          <Input
            id={serviceId}
            defaultValue={scope.services.join(', ')}
            placeholder={say('query.any')}
            onBlur={(event) =>
              onChange({
                ...scope,
                services: values(event.currentTarget.value),
                rule: 'option',
                found: event.currentTarget.value,
              })
            }
          />
        </Field>
        <Field label={say('query.environment')} htmlFor={environmentId}>
          <Input
            id={environmentId}
            defaultValue={scope.environments.join(', ')}
            placeholder={say('query.any')}
            onBlur={(event) => onChange({ ...scope, environments: values(event.currentTarget.value) })}
          />
        </Field>
      </Stack>
    </>
  );
}

function Found({
  scope,
  context,
  onRollback,
}: {
  readonly scope: PanelScope;
  readonly context: PluginExtensionPanelContext;
  readonly onRollback: (region: Region) => void;
}) {
  const range = context.timeRange;
  const { regions, trouble, isLoading, retry } = useRegions(
    { services: scope.services, environments: scope.environments, verdicts: [], label: '' },
    instantOf(range, 'from'),
    instantOf(range, 'to'),
  );
  if (trouble !== undefined) return <TroubleAlert trouble={trouble} onRetry={retry} />;
  if (isLoading) return <LoadingPlaceholder text={say('panel.loading')} />;
  if (regions.length === 0) return <p>{say('panel.none-anywhere')}</p>;
  return (
    <div style={{ maxHeight: '55vh', overflowY: 'auto' }} data-testid="panel-deployments">
      {regions.toReversed().map((region) => (
        <DeploymentCard key={region.id} region={region} timeZone={context.timeZone} onRollback={onRollback} />
      ))}
    </div>
  );
}

/** The range as the menu saw it; a relative one means now, while the modal is open. */
function instantOf(range: RawTimeRange, end: 'from' | 'to'): number {
  return dateMath.toDateTime(range[end], { roundUp: end === 'to' })?.valueOf() ?? Date.now();
}
