import type { SourceSeries } from '../../domain/sample.js';
import { AnswerTooLarge } from '../ask-in-pieces.js';
import { batchQuestions } from '../batch-questions.js';
import { SourceError, type MetricSource, type SourceQuery } from '../port.js';
import { createPrometheusClient, type ClientParts, type PrometheusClient } from './client.js';
import type { PrometheusConfig } from './config.js';
import { UndecodableAnswer } from './decode.js';
import { evaluateExpressions, type EvaluationGrid } from './evaluate-expressions.js';
import { fetchSamples, tooMuch } from './fetch-samples.js';
import { fillExpression, fillInterval } from './fill-expression.js';
import { inCompany } from './in-company.js';
import { listSeries } from './list-series.js';
import { lookbackMs } from './lookback.js';
import { createLoners } from './loners.js';

/** Bounds the answer to several expressions with one series each: about 0.8 MB, which is decoded in some 15 ms. */
const POINTS_TOGETHER = 24_000;

interface Evaluation extends EvaluationGrid {
  readonly project: string;
  readonly expression: string;
}

type Answer = readonly SourceSeries[];

/**
 * A server that speaks the HTTP API of Prometheus. Questions of one moment that differ only in their metric or expression are asked in
 * one query, so that a look costs one or two however many metrics it has.
 */
export function createPrometheusSource(config: PrometheusConfig, parts: ClientParts): MetricSource {
  const client = createPrometheusClient(config, parts);
  const hasty = createPrometheusClient(config, { ...parts, retries: 0 });
  const { name } = config;
  const loners = createLoners();
  const group = (question: string, shared: readonly unknown[]): string =>
    JSON.stringify(loners.has(question) ? [...shared, question] : shared);

  const askEvaluations = batchQuestions<Evaluation, Answer>(
    ({ project, fromMs, stepMs, count, takesHistograms, expression }) =>
      group(expression, [project, fromMs, stepMs, count, takesHistograms]),
    ({ expression }) => expression,
    (questions) => {
      const most = Math.max(1, Math.floor(POINTS_TOGETHER / Math.max(1, questions[0]?.count ?? 1)));
      return inGroups(questions, most).flatMap((some) =>
        inCompany(some, {
          together: (all) => evaluateAll(client, all),
          alone: async (question) => (await evaluateAll(hasty, [question]))[0] ?? [],
          leaves: ({ expression }) => {
            loners.add(expression);
          },
        }),
      );
    },
  );
  const evaluateAll = async (
    by: PrometheusClient,
    questions: readonly Evaluation[],
  ): Promise<readonly Answer[]> => {
    const [first] = questions;
    const expressions = questions.map(({ expression }) => expression);
    const about = `Query: ${expressions.join(' ').slice(0, 500)}`;
    if (first === undefined) return [];
    return readable(name, about, () => evaluateExpressions(by, name, expressions, first));
  };

  const askSamples = batchQuestions<SourceQuery, Answer>(
    ({ project, fromMs, toMs, takesHistograms, labels, metric }) =>
      group(metric, [
        project,
        fromMs,
        toMs,
        takesHistograms,
        Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ]),
    ({ metric }) => metric,
    (queries) =>
      inCompany(queries, {
        together: (all) => fetchAll(client, all),
        alone: async (query) => (await fetchAll(hasty, [query]))[0] ?? [],
        leaves: ({ metric }) => {
          loners.add(metric);
        },
      }),
  );
  const fetchAll = (by: PrometheusClient, queries: readonly SourceQuery[]): Promise<readonly Answer[]> => {
    const about = `Metrics: ${queries.map(({ metric }) => metric).join(', ')}`;
    return readable(name, about, () => fetchSamples(by, name, queries));
  };

  return {
    name,
    language: 'promql',
    asksTogether: true,
    fetch: askSamples,
    async evaluate({ project, expression, variables, fromMs, toMs, stepMs, takesHistograms }) {
      const filled = fillExpression(expression, variables, stepMs);
      const count = Math.ceil((toMs - fromMs) / stepMs);
      const grid = { fromMs, stepMs, count, ...(takesHistograms === undefined ? {} : { takesHistograms }) };
      return askEvaluations({ project, expression: filled, ...grid });
    },
    lookbackMs: (expression, stepMs) => lookbackMs(fillInterval(expression, stepMs)),
    listSeries: (query) =>
      readable(name, 'A list of series', () => listSeries(client, name, query, parts.onNotice)),
  };
}

/** What the pieces below say of an answer, as the port's error. @throws SourceError */
async function readable<T>(source: string, about: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AnswerTooLarge) throw tooMuch(source, about);
    if (!(error instanceof UndecodableAnswer)) throw error;
    throw new SourceError('bad-query', `source "${source}": ${error.message}. ${about}`, false, {
      cause: error,
    });
  }
}

function inGroups<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const groups: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += size) groups.push(items.slice(from, from + size));
  return groups;
}
