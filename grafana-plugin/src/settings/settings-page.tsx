import type { PluginConfigPageProps, AppPluginMeta } from '@grafana/data';
import { getBackendSrv, locationService } from '@grafana/runtime';
import { Alert, Button, Field, Input, SecretInput, Stack } from '@grafana/ui';
import { useState } from 'react';
import { lastValueFrom } from 'rxjs';
import { testConnection, urlProblem } from '../datasource/test-connection.js';
import { appReader, APP_ID } from '../verdicts/service-client.js';
import { troubleOf } from '../verdicts/service-trouble.js';
import { say } from '../words/say.js';
import { type AppSettings, type SecretName, secrets } from './app-settings.js';

interface Outcome {
  readonly status: 'success' | 'error';
  readonly message: string;
}

const labels = {
  readToken: ['connection.token', 'connection.token-help'],
  rollbackToken: ['connection.act-token', 'connection.act-token-help'],
} as const;

/** Address and tokens of the service, saved on Grafana's server, with a test of the connection as it is saved. */
export function SettingsPage({ plugin }: PluginConfigPageProps<AppPluginMeta<AppSettings>>) {
  const { meta } = plugin;
  const [serviceUrl, setServiceUrl] = useState(meta.jsonData?.serviceUrl ?? '');
  const [typed, setTyped] = useState<Partial<Record<SecretName, string>>>({});
  const [kept, setKept] = useState<Readonly<Record<string, boolean>>>({ ...meta.secureJsonFields });
  const [outcome, setOutcome] = useState<Outcome>();
  const [isBusy, setBusy] = useState(false);
  const problem = serviceUrl === '' ? undefined : urlProblem(serviceUrl);

  const run = (work: () => Promise<Outcome>): void => {
    setBusy(true);
    const finish = (done: Outcome): void => {
      setOutcome(done);
      setBusy(false);
    };
    work().then(finish, (error: unknown) => finish({ status: 'error', message: describe(error) }));
  };
  const save = async (): Promise<Outcome> => {
    await storeSettings(meta, { serviceUrl }, typed);
    setKept((before) => ({
      ...before,
      ...Object.fromEntries(Object.keys(typed).map((name) => [name, true])),
    }));
    setTyped({});
    if (meta.enabled !== true) locationService.reload();
    return { status: 'success', message: say('settings.saved') };
  };
  const test = async (): Promise<Outcome> => {
    const { status, message } = await testConnection(appReader(), serviceUrl);
    return { status: status === 'success' ? 'success' : 'error', message };
  };

  return (
    <Stack direction="column" gap={2}>
      <Field
        label={say('connection.url')}
        description={say('connection.url-help')}
        invalid={problem !== undefined}
        error={problem}
        noMargin
      >
        <Input
          id="service-url"
          width={60}
          placeholder="http://bellwether:8390"
          value={serviceUrl}
          onChange={(event) => setServiceUrl(event.currentTarget.value.trim())}
        />
      </Field>
      {secrets.map((name) => (
        <Field key={name} label={say(labels[name][0])} description={say(labels[name][1])} noMargin>
          <SecretInput
            id={name}
            width={60}
            placeholder="bw_…"
            isConfigured={kept[name] === true}
            value={typed[name] ?? ''}
            onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
            onReset={() => setKept({ ...kept, [name]: false })}
          />
        </Field>
      ))}
      <Stack direction="row" gap={1}>
        <Button disabled={isBusy || serviceUrl === '' || problem !== undefined} onClick={() => run(save)}>
          {say('settings.save')}
        </Button>
        <Button variant="secondary" disabled={isBusy} onClick={() => run(test)}>
          {say('settings.test')}
        </Button>
      </Stack>
      {outcome !== undefined && (
        <Alert severity={outcome.status} title={outcome.message} data-testid="settings-outcome" />
      )}
    </Stack>
  );
}

async function storeSettings(
  meta: AppPluginMeta<AppSettings>,
  jsonData: AppSettings,
  secureJsonData: Partial<Record<SecretName, string>>,
): Promise<void> {
  await lastValueFrom(
    getBackendSrv().fetch({
      url: `/api/plugins/${APP_ID}/settings`,
      method: 'POST',
      showErrorAlert: false,
      data: {
        enabled: true,
        pinned: meta.pinned ?? true,
        jsonData: { ...meta.jsonData, ...jsonData },
        secureJsonData,
      },
    }),
  );
}

function describe(error: unknown): string {
  const { title, detail, remedy } = troubleOf(error);
  return [title, detail, remedy].filter((part) => part !== '').join(' ');
}
