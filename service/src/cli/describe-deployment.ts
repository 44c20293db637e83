import type { WireVerdict } from '../api/verdict.js';
import type { WireDeploymentDetail } from './deployments-api.js';
import { plain } from './terminal/plain-text.js';
import { attributionLines } from './watch/attribution-lines.js';
import { readingLines } from './watch/reading-lines.js';
import { percent, probability } from './watch/numbers.js';

/** What `deploy show` prints: the deployment, its steps, its verdicts and what people did. */
export function describeDeployment(detail: WireDeploymentDetail, baseUrl: string): string {
  return [
    ...headOf(detail),
    ...section('Steps', detail.steps.map(stepLine)),
    ...section('Watches', detail.watches.map(watchLine)),
    ...section('Verdicts, newest first', detail.verdicts.flatMap(verdictLines)),
    ...section('Rollbacks', detail.rollbacks.map(rollbackLine)),
    ...section('Feedback', detail.feedback.map(feedbackLine)),
    '',
    `Report: ${baseUrl}${detail.urls.report}`,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function headOf(detail: WireDeploymentDetail): readonly string[] {
  const { service, environment, version, previousVersion, change } = detail;
  const versions = previousVersion === undefined ? version : `${previousVersion} → ${version}`;
  const about = [change.kind, change.commit, change.ticket, change.summary].filter(
    (one) => one !== undefined,
  );
  const labels = Object.entries(detail.labels).map(([name, value]) => `${name}=${value}`);
  return [
    `${detail.id}: ${plain(`${service} in ${environment}, ${versions}`)}`,
    `  ${detail.state}, ${detail.strategy}, began ${detail.startedAt}${
      detail.finishedAt === undefined ? '' : `, ended ${detail.finishedAt}`
    }`,
    `  change: ${plain(about.join(', '))}`,
    ...(labels.length === 0 ? [] : [`  labels: ${plain(labels.join(', '))}`]),
    ...(detail.rollbackOf === undefined ? [] : [`  a rollback of ${detail.rollbackOf}`]),
    ...discoveryLines(detail),
    ...detail.links.map(({ title, url }) => `  ${plain(title)}: ${plain(url)}`),
  ];
}

function discoveryLines({ discovery }: WireDeploymentDetail): readonly string[] {
  if (discovery === undefined) return [];
  const { source, watched, leftOut, problem } = discovery;
  return [
    problem === undefined
      ? `  discovery: ${watched} more metrics of the source ${plain(source)} are watched and never decide; ${leftOut} left out`
      : `  discovery failed: ${plain(problem)}`,
  ];
}

function stepLine(step: WireDeploymentDetail['steps'][number]): string {
  const share = step.trafficShare === undefined ? '' : ` (${percent(step.trafficShare)})`;
  const end = step.endedAt === undefined ? 'goes on' : `ended ${step.endedAt}`;
  return `${step.index + 1}. ${plain(step.name)}${share}: began ${step.startedAt}, ${end}`;
}

function watchLine(watch: WireDeploymentDetail['watches'][number]): string {
  return `step ${watch.stepIndex + 1}, ${watch.kind}: ${watch.state}, look ${watch.lastLook} of ${watch.plannedLooks} (every ${watch.interval}), α ${probability(watch.alpha)}`;
}

function verdictLines(verdict: WireVerdict): readonly string[] {
  const { sequence, step, rule, guarantee, p, harmProbability, decidedAt } = verdict;
  return [
    `${sequence}. ${verdict.verdict} at ${decidedAt}, step "${plain(step.name)}": ${rule}, guarantee ${guarantee}, p ${probability(p)}, harm ${percent(harmProbability)}`,
    ...readingLines(verdict).map((text) => `   ${plain(text)}`),
    ...verdict.reasons.map(({ text }) => `   ${plain(text)}`),
    ...attributionLines(verdict).map((text) => `   ${plain(text)}`),
    ...verdict.brakes.map(({ brake, text }) => `   held back (${brake}): ${plain(text)}`),
  ];
}

function rollbackLine(rollback: WireDeploymentDetail['rollbacks'][number]): string {
  const { state, automatic, requestedAt, reason, detail } = rollback;
  return `${state}, ${automatic ? 'automatic' : 'asked for'} at ${requestedAt}: ${plain(reason)}${detail === undefined ? '' : ` (${plain(detail)})`}`;
}

function feedbackLine(said: WireDeploymentDetail['feedback'][number]): string {
  const { id, judgement, retracts, metrics = [], comment, at } = said;
  const what = retracts === undefined ? (judgement ?? 'on metrics') : `takes back ${retracts}`;
  const named = metrics.map(({ name, relevance }) => `, ${plain(name)} ${relevance}`).join('');
  return `${id}: ${what}${named} at ${at}${comment === undefined ? '' : `: ${plain(comment)}`}`;
}
