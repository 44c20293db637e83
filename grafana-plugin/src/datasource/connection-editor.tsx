import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { Field, Input, SecretInput } from '@grafana/ui';
import { say } from '../words/say.js';
import { urlProblem } from './test-connection.js';
import type { ConnectionSettings, ReadSecrets } from './verdict-query.js';

/** Address and token of the service. The token goes to Grafana's server and never comes back. */
export function ConnectionEditor({
  options,
  onOptionsChange,
}: DataSourcePluginOptionsEditorProps<ConnectionSettings, ReadSecrets>) {
  const { serviceUrl } = options.jsonData;
  const problem = serviceUrl === undefined || serviceUrl === '' ? undefined : urlProblem(serviceUrl);
  return (
    <>
      <Field
        label={say('connection.url')}
        description={say('connection.url-help')}
        invalid={problem !== undefined}
        error={problem}
        noMargin
      >
        <Input
          id="bellwether-service-url"
          width={60}
          placeholder="http://bellwether:8390"
          value={serviceUrl ?? ''}
          onChange={(event) =>
            onOptionsChange({
              ...options,
              jsonData: { ...options.jsonData, serviceUrl: event.currentTarget.value.trim() },
            })
          }
        />
      </Field>
      <br />
      <Field label={say('connection.token')} description={say('connection.token-help')} noMargin>
        <SecretInput
          id="bellwether-read-token"
          width={60}
          placeholder="bw_…"
          isConfigured={options.secureJsonFields['readToken'] === true}
          value={options.secureJsonData?.readToken ?? ''}
          onChange={(event) =>
            onOptionsChange({
              ...options,
              secureJsonData: { ...options.secureJsonData, readToken: event.currentTarget.value },
            })
          }
          onReset={() =>
            onOptionsChange({
              ...options,
              secureJsonFields: { ...options.secureJsonFields, readToken: false },
              secureJsonData: { ...options.secureJsonData, readToken: '' },
            })
          }
        />
      </Field>
    </>
  );
}
