import type { DataQuery } from '@grafana/schema';
import type { DataSourceJsonData } from '@grafana/data';

export const queryKinds = [
  'deployments',
  'verdicts',
  'harm-probability',
  'bands',
  'scores',
  'calibration',
  'annotations',
] as const;
export type QueryKind = (typeof queryKinds)[number];

/** A query of the datasource. Texts may hold template variables; an empty one leaves the matter open. */
export interface VerdictQuery extends DataQuery {
  readonly kind?: QueryKind;
  readonly service?: string;
  readonly environment?: string;
  /** Verdict values that are shown; none stands for all. */
  readonly verdicts?: readonly string[];
  /** One label as `name:value`. */
  readonly label?: string;
  /** Of bands and scores: the metric; empty for all. */
  readonly metric?: string;
  /** Deployments nearer to each other than this share of the visible range, in percent, become one marker. */
  readonly clusterPercent?: number;
}

/** Chosen by looking: at 1 % of a wide panel two region edges are some twelve pixels apart. */
export const DEFAULT_CLUSTER_PERCENT = 1;

/** What an administrator sets; tokens are kept by Grafana's server. */
export interface ConnectionSettings extends DataSourceJsonData {
  readonly serviceUrl?: string;
}
export interface ReadSecrets {
  readonly readToken?: string;
}
