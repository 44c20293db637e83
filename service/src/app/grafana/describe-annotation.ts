import { createHash } from 'node:crypto';
import type { Deployment } from '../../domain/deployment.js';
import { escapeHtml } from '../../domain/escape-html.js';
import type { GrafanaAnnotation } from '../../domain/grafana-annotation.js';
import type { Verdict } from '../../domain/verdict.js';
import type { Reader } from '../../store/port.js';
import { presentReading } from '../present-explanation.js';

/** Grafana's database keeps at most so much of a tag's key and of its value. */
const MAX_TAG_PART = 100;
const MAX_SENTENCE = 1_000;

/**
 * The annotation of a deployment as it should look now: a line where it began, which becomes a region that ends where its verdict
 * speaks of, as the plugin draws it.
 * @param publicUrl base of links, without a slash at its end
 * @returns undefined when there is no such deployment (any more)
 */
export async function describeAnnotation(
  reader: Pick<Reader, 'deployment' | 'latestVerdict'>,
  publicUrl: string,
  deploymentId: string,
): Promise<GrafanaAnnotation | undefined> {
  const deployment = await reader.deployment(deploymentId);
  if (deployment === undefined) return undefined;
  // `observe` is for the record only: nobody is told.
  const isTold = deployment.policy.mode !== 'observe';
  const verdict = isTold ? await reader.latestVerdict(deploymentId) : undefined;
  const deploymentTag = tag('deployment', deploymentId);
  const startMs = deployment.startedAtMs;
  return {
    deploymentTag,
    startMs,
    endMs: Math.max(startMs, isDecided(verdict) ? verdict.asOfMs : startMs),
    tags: [
      'bellwether',
      deploymentTag,
      tag('service', deployment.service),
      tag('environment', deployment.environment),
      // What Grafana colours an annotation by is the query, and a query finds by tag.
      ...(isTold ? [tag('verdict', verdict?.value ?? 'pending')] : []),
      ...(deployment.rollbackOf === undefined ? [] : ['rollback']),
      ...(deployment.state === 'rolled-back' ? ['rolled-back'] : []),
    ],
    text: textOf(deployment, verdict, publicUrl),
  };
}

function isDecided(verdict: Verdict | undefined): verdict is Verdict {
  return verdict !== undefined && verdict.value !== 'pending';
}

/** A value that is too long is told apart by its hash. */
function tag(key: string, value: string): string {
  const short =
    value.length <= MAX_TAG_PART ? value : `sha256-${createHash('sha256').update(value).digest('hex')}`;
  return `${key}:${short}`;
}

function textOf(deployment: Deployment, verdict: Verdict | undefined, publicUrl: string): string {
  const { id, service, environment, version, previousVersion, state } = deployment;
  const from = previousVersion === undefined ? '' : ` (was ${previousVersion})`;
  const lines = [
    `<b>${escapeHtml(`${service} ${version}`)}</b>${escapeHtml(` in ${environment}${from}`)}`,
    ...(verdict === undefined
      ? []
      : [escapeHtml(presentReading(verdict, deployment).sentence.text.slice(0, MAX_SENTENCE))]),
    ...(STATES[state] === undefined ? [] : [STATES[state]]),
    `<a href="${escapeHtml(`${publicUrl}/deployments/${encodeURIComponent(id)}/report`)}">Report</a>`,
  ];
  return lines.join('<br>');
}

/** What is said of a deployment beside its verdict. */
const STATES: Readonly<Partial<Record<Deployment['state'], string>>> = {
  'rolling-back': 'It is being rolled back.',
  'rolled-back': 'It was rolled back.',
  'rollback-failed': 'Its rollback failed.',
  cancelled: 'It was cancelled.',
};
