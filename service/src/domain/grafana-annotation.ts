/** An annotation of Grafana that stands for one deployment. */
export interface GrafanaAnnotation {
  /** Which deployment: one tag that no other annotation has. */
  readonly deploymentTag: string;
  /** When the change took effect. */
  readonly startMs: number;
  /** End of the last interval that the verdict speaks of; the same as the start while there is none: a line and no region. */
  readonly endMs: number;
  /** `deploymentTag` among them. */
  readonly tags: readonly string[];
  /** HTML, with every name in it escaped. */
  readonly text: string;
}

/** Events after which the annotation of a deployment may look different. */
export const ANNOTATED_EVENTS = [
  'deployment.started',
  'deployment.cancelled',
  'verdict.changed',
  'rollback.requested',
  'rollback.executed',
  'rollback.failed',
] as const;
