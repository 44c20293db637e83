// Registries of editors and field options that Grafana fills at its start: without them a panel has no defaults.
import {
  identityOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformersRegistry,
} from '@grafana/data';

const NoEditor = () => null;
const editors =
  'number text boolean select radio unit color fieldColor strings slider multi-select field-name mappings thresholds links actions stats-picker timezone string dashboard-uid';
const fields =
  'displayName unit min max decimals noValue color thresholds mappings links filterable fieldMinMax';
const defaults = {
  color: { mode: 'palette-classic' },
  thresholds: { mode: 'absolute', steps: [{ value: -Infinity, color: 'green' }] },
};

export function fillRegistries() {
  standardEditorsRegistry.setInit(() => editors.split(' ').map((id) => ({ id, name: id, editor: NoEditor })));
  standardFieldConfigEditorRegistry.setInit(() =>
    fields.split(' ').map((id) => ({
      id,
      path: id,
      name: id,
      editor: NoEditor,
      override: NoEditor,
      process: identityOverrideProcessor,
      shouldApply: () => true,
      settings: {},
      defaultValue: defaults[id],
    })),
  );
  standardTransformersRegistry.setInit(() => []);
}
