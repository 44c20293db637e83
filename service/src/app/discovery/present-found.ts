import type { AssessedGroup } from './assess-groups.js';
import type { Found } from './found.js';

const VALUES_SHOWN = 5;

/** What was found, as the API shows it. */
export function presentFound({ source, series, metrics, policy, notes }: Found) {
  return {
    source,
    series,
    metrics: metrics.map(presentMetric),
    ...(policy === undefined ? {} : { policy }),
    notes: notes ?? {},
  };
}

function presentMetric({ group, classification }: AssessedGroup) {
  const { metric, series, type, unit, help, labels } = group;
  const shown = [...labels].map(
    ([name, values]) => [name, [...values].toSorted().slice(0, VALUES_SHOWN)] as const,
  );
  const known =
    classification.use === 'skip'
      ? {
          ...(unit === undefined ? {} : { unit }),
          ...(type === undefined ? {} : { type }),
          skipped: classification.reason,
        }
      : {
          kind: classification.kind,
          direction: classification.direction,
          ...(classification.unit === '' ? {} : { unit: classification.unit }),
          type: classification.reading,
        };
  return {
    metric,
    series,
    ...known,
    ...(help === undefined ? {} : { help }),
    labels: Object.fromEntries(shown),
  };
}
