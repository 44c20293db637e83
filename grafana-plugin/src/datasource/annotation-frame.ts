import { type DataFrame, FieldType } from '@grafana/data';
import { changeLine, sentenceOf } from '../verdicts/describe-region.js';
import { escapeHtml } from '../verdicts/escape-html.js';
import { clusterRegions, type Cluster } from '../verdicts/cluster-regions.js';
import type { Region } from '../verdicts/region.js';
import { APP_ID } from '../verdicts/service-client.js';
import { verdictLook } from '../verdicts/verdict-look.js';
import { say } from '../words/say.js';

/** Metrics and deployments that a marker's pop-up names; a click leads to all of them. */
const MOST_LINES = 6;

/**
 * Deployments as Grafana's annotations: regions coloured by verdict, with the deployments themselves in `data` for panels that show more.
 * Title and text become HTML, so that all that comes from outside is escaped.
 * @param clusterWidthMs how near deployments must begin to become one marker
 * @param baseUrl where Grafana is served, without a slash at the end
 */
export function annotationFrame(
  regions: readonly Region[],
  clusterWidthMs: number,
  baseUrl: string,
): DataFrame {
  const clusters = clusterRegions(regions, clusterWidthMs);
  const column = <T>(name: string, type: FieldType, read: (cluster: Cluster) => T) => ({
    name,
    type,
    config: {},
    values: clusters.map(read),
  });
  return {
    name: 'deployments',
    length: clusters.length,
    fields: [
      column('time', FieldType.time, ({ fromMs }) => fromMs),
      column('timeEnd', FieldType.time, ({ toMs }) => toMs),
      column('title', FieldType.string, (cluster) => escapeHtml(titleOf(cluster))),
      column('text', FieldType.string, (cluster) => textOf(cluster, baseUrl)),
      column('tags', FieldType.other, tagsOf),
      // With an id other than 0 Grafana offers to edit and delete what is not its own.
      column('id', FieldType.number, () => 0),
      column('newState', FieldType.string, ({ verdict }) => verdictLook(verdict).annotationState),
      column('data', FieldType.other, (cluster) => ({ bellwether: cluster.regions })),
    ],
  };
}

function titleOf({ verdict, regions }: Cluster): string {
  const look = verdictLook(verdict);
  const [only] = regions;
  if (only !== undefined && regions.length === 1) return `${look.sign} ${look.word}: ${changeLine(only)}`;
  return `${look.sign} ${say('cluster.title', { count: regions.length, word: look.word })}`;
}

function textOf({ regions }: Cluster, baseUrl: string): string {
  const [only] = regions;
  const lines = regions.length === 1 && only !== undefined ? evidenceLines(only) : memberLines(regions);
  const href = `${baseUrl}/a/${APP_ID}/deployments${regions.length === 1 ? `/${encodeURIComponent(only?.id ?? '')}` : ''}`;
  return `${lines.map((line) => `<div>${escapeHtml(line)}</div>`).join('')}<a href="${escapeHtml(href)}">${escapeHtml(
    say(regions.length === 1 ? 'annotation.evidence' : 'annotation.all'),
  )}</a>`;
}

function evidenceLines({ deployment }: Region): readonly string[] {
  const verdict = deployment.latestVerdict;
  const harmed = (verdict?.metrics ?? []).filter(({ status }) => status === 'harmed');
  return [sentenceOf(verdict), ...harmed.slice(0, MOST_LINES).map(({ text }) => text)];
}

function memberLines(regions: readonly Region[]): readonly string[] {
  const named = regions
    .slice(-MOST_LINES)
    .toReversed()
    .map((region) => `${verdictLook(region.verdict).sign} ${changeLine(region)}`);
  const left = regions.length - named.length;
  return left > 0 ? [...named, say('cluster.more', { count: left })] : named;
}

function tagsOf({ verdict, regions }: Cluster): readonly string[] {
  const of = (read: (region: Region) => string) => [...new Set(regions.map(read))].slice(0, MOST_LINES);
  return [
    verdict,
    ...of(({ deployment }) => deployment.service),
    ...of(({ deployment }) => deployment.environment),
  ];
}
