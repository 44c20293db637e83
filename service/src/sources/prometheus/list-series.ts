import { AnswerTooLarge } from '../ask-in-pieces.js';
import { SourceError, type ListedSeries, type SeriesQuery } from '../port.js';
import type { PrometheusClient } from './client.js';
import { decodeLabels, typeByName, UndecodableAnswer } from './decode.js';
import { readMetadata } from './read-metadata.js';
import { selectorText } from './selector-text.js';

/** Series by their labels, with what their exporters say of them where the server knows. @throws SourceError */
export async function listSeries(
  client: PrometheusClient,
  source: string,
  { matchers, fromMs, toMs }: SeriesQuery,
  onNotice: (text: string) => void = () => undefined,
): Promise<readonly ListedSeries[]> {
  const selector = selectorText([], matchers);
  const about = `Selector: ${selector}`;
  const data = await client
    .ask(
      'series',
      { 'match[]': selector, start: String(fromMs / 1000), end: String((toMs - 1) / 1000) },
      about,
    )
    .catch((error: unknown) => {
      if (!(error instanceof AnswerTooLarge)) throw error;
      throw new SourceError(
        'too-many-series',
        `source "${source}" has more series than can be listed; give more labels. ${about}`,
        false,
        { cause: error },
      );
    });
  if (!Array.isArray(data)) throw new UndecodableAnswer('the list of series is no list');
  const listed = data.map((entry) => {
    const { __name__: metric = '', ...labels } = decodeLabels(entry);
    return { metric, labels };
  });
  const { known, unread } = await readMetadata(
    client,
    listed.map(({ metric }) => metric),
  );
  if (unread > 0)
    onNotice(`source "${source}": the types of ${unread} metrics are guessed from their names. ${about}`);
  return listed
    .map(({ metric, labels }): ListedSeries => ({
      metric,
      labels,
      type: typeByName(metric),
      ...known(metric),
    }))
    .toSorted((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0));
}
