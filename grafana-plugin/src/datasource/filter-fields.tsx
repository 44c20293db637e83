import { Field, Input, MultiCombobox } from '@grafana/ui';
import { say } from '../words/say.js';
import { verdictLook } from '../verdicts/verdict-look.js';
import type { VerdictQuery } from './verdict-query.js';

const verdicts = ['pending', 'continue', 'rollback', 'inconclusive', 'superseded', 'cancelled'].map(
  (value) => ({
    value,
    label: `${verdictLook(value).sign} ${verdictLook(value).word}`,
  }),
);

/** Service, environment, label and verdict; each text may hold template variables. */
export function FilterFields({
  query,
  onChange,
}: {
  readonly query: VerdictQuery;
  readonly onChange: (part: Partial<VerdictQuery>) => void;
}) {
  return (
    <>
      <TextField
        id={`service-${query.refId}`}
        label={say('query.service')}
        placeholder={say('query.any-or-variable')}
        value={query.service ?? ''}
        onChange={(service) => onChange({ service })}
      />
      <TextField
        id={`environment-${query.refId}`}
        label={say('query.environment')}
        placeholder={say('query.any')}
        value={query.environment ?? ''}
        onChange={(environment) => onChange({ environment })}
      />
      <TextField
        id={`label-${query.refId}`}
        label={say('query.label')}
        placeholder="team:payments"
        value={query.label ?? ''}
        onChange={(label) => onChange({ label })}
      />
      <Field label={say('query.verdicts')} noMargin>
        <MultiCombobox
          id={`verdicts-${query.refId}`}
          width={32}
          options={verdicts}
          placeholder={say('query.any')}
          value={[...(query.verdicts ?? [])]}
          onChange={(chosen) => onChange({ verdicts: chosen.map(({ value }) => value) })}
        />
      </Field>
    </>
  );
}

/** A text that counts once the user leaves the field, so that not every key asks the service. */
export function TextField({
  id,
  label,
  placeholder,
  value,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={label} noMargin>
      <Input
        id={id}
        key={value}
        width={22}
        placeholder={placeholder}
        defaultValue={value}
        onBlur={(event) => event.currentTarget.value !== value && onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
