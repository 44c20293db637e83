// Types alone: the service's schemas are the one source of what goes over the wire, and no code of theirs is bundled.
import type { serviceCalibration } from '../../../service/src/api/calibration.js';
import type { deploymentDetail, deploymentPage } from '../../../service/src/api/deployment.js';
import type { health } from '../../../service/src/api/health.js';
import type { Problem } from '../../../service/src/api/problem.js';
import type { WireVerdict } from '../../../service/src/api/verdict.js';

/** A page of deployments, newest first. */
export type DeploymentPage = (typeof deploymentPage)['_output'];
/** A deployment of a list with the verdict that counts now. */
export type ListedDeployment = DeploymentPage['items'][number];
/** Everything of one deployment. */
export type DeploymentDetail = (typeof deploymentDetail)['_output'];
/** How well a service's error rate and probabilities hold. */
export type ServiceCalibration = (typeof serviceCalibration)['_output'];
export type Rollback = DeploymentDetail['rollbacks'][number];
export type { Problem, WireVerdict };
/** Every value of a verdict. */
export type VerdictValue = WireVerdict['verdict'];

/** How releases went: one item a service and environment. Services before it answer with 404. */
export type DeploymentHealth = (typeof health)['_output'];

/** One metric over time as the report carries it; `null` is an interval without a sample or an expectation. */
export interface ReportPlot {
  readonly name: string;
  readonly unit: string;
  readonly from: string;
  readonly intervalMs: number;
  readonly live: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** What is read of a deployment's report (`bellwether.report/1`); fields are only ever added under that schema. */
export interface DeploymentReport {
  readonly schema: string;
  readonly ticks: readonly {
    readonly at: string;
    readonly look: number;
    readonly p: number;
    readonly harmProbability: number;
  }[];
  readonly evidence?: { readonly changeAt: string; readonly plots: readonly ReportPlot[] };
  readonly recovery?: { readonly deploymentId: string; readonly verdict?: WireVerdict };
  readonly audit: readonly {
    readonly sequence: number;
    readonly at: string;
    readonly actor: string;
    readonly authentication: string;
    readonly action: string;
    readonly detail: Readonly<Record<string, unknown>>;
  }[];
  readonly people: Readonly<Record<string, string>>;
}
