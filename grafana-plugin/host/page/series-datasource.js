// The dashboard's own datasource: what a metric server would give.
import { createDataFrame, FieldType, LoadingState } from '@grafana/data';
import { RuntimeDataSource } from '@grafana/scenes';

/** Asks the host's server for the series that the service was given too. */
export class SeriesDatasource extends RuntimeDataSource {
  async query({ range, targets }) {
    const [{ refId }] = targets;
    const parameters = new URLSearchParams({
      from: range.from.valueOf(),
      to: range.to.valueOf(),
    });
    const answer = await fetch(`/host-data/series?${parameters}`);
    const frames = (await answer.json()).map(({ name, unit, labels, times, values }) =>
      createDataFrame({
        refId,
        name,
        fields: [
          { name: 'time', type: FieldType.time, values: times },
          { name, type: FieldType.number, labels, values, config: { unit, displayNameFromDS: name } },
        ],
      }),
    );
    return { data: frames, state: LoadingState.Done };
  }

  async testDatasource() {
    return { status: 'success', message: '' };
  }
}
