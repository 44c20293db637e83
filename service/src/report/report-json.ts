import {
  instantText,
  presentFeedback,
  presentRollback,
  presentStep,
  presentVerdict,
} from '../app/present.js';
import { presentCollaboration } from '../app/present-collaboration.js';
import { presentWhole } from '../http/present.js';
import type { DeploymentReport } from '../app/use-cases.js';
import type { Evidence } from '../domain/evidence.js';
import { nextAction } from './next-action.js';
import { recoveryOf, releaseVerdict, type ReportPage } from './report-page.js';
import { situate } from './situation.js';

/**
 * What the report page shows, as data. Verdicts, steps, rollbacks and feedback have the shapes that the API gives them; times are RFC 3339
 * in UTC; `null` in a plot is an interval without a sample. Fields are only ever added under one `schema`.
 *
 * `deployment.policy` is the policy in force as it would be written in a request ·
 * `headline` what the page says first · `verdict` the one in force, absent before the first · `verdicts` all changes, newest first ·
 * `recovery` verdict of the watch over the rollback · `ticks` every look kept · `evidence` plots and content addresses ·
 * `checks`, `notes`, `incidents`, `acknowledgements`, `hold` what stands beside the metrics · `audit` entries of this deployment · `people` names behind pseudonyms that are still known
 */
export function presentReport(page: ReportPage, nowMs: number) {
  const { deployment } = page;
  const verdict = releaseVerdict(page);
  const recovery = recoveryOf(page);
  const recoveryVerdict = recovery?.verdict;
  return {
    schema: 'bellwether.report/1',
    generatedAt: instantText(nowMs),
    headline: { ...headlineOf(page), action: nextAction(page, nowMs) },
    deployment: presentWhole(deployment),
    steps: page.steps.map(presentStep),
    ...(verdict === undefined ? {} : { verdict: presentVerdict(verdict, deployment) }),
    verdicts: page.verdicts.map((one) => presentVerdict(one, deployment)),
    rollbacks: page.rollbacks.map(presentRollback),
    ...(recovery === undefined
      ? {}
      : {
          recovery: {
            deploymentId: recovery.deploymentId ?? deployment.id,
            ...(recoveryVerdict === undefined
              ? {}
              : { verdict: presentVerdict(recoveryVerdict, page.recovery?.deployment ?? deployment) }),
          },
        }),
    feedback: page.feedback.map(presentFeedback),
    ...presentCollaboration(page.collaboration, deployment),
    ticks: page.ticks.map(presentTick),
    ...(page.evidence === undefined ? {} : { evidence: presentEvidence(page.evidence) }),
    audit: page.audit.map(({ atMs, ...entry }) => ({ ...entry, at: instantText(atMs) })),
    people: page.people,
  };
}

function headlineOf(page: ReportPage): {
  readonly word: string;
  readonly sentence: string;
  readonly tone: string;
} {
  const { word, sentence, tone } = situate(page.deployment, releaseVerdict(page));
  return { word, sentence, tone };
}

function presentTick({ atMs, evaluatedAtMs, ...tick }: DeploymentReport['ticks'][number]) {
  return { ...tick, at: instantText(atMs), evaluatedAt: instantText(evaluatedAtMs) };
}

/** The raw arms are left out: they are for judging again, by content address, not for reading. */
function presentEvidence({ watchId, look, changeAtMs, snapshotHash, calibration, plots }: Evidence) {
  return {
    watchId,
    look,
    changeAt: instantText(changeAtMs),
    snapshotHash,
    calibration,
    plots: plots.map(({ fromMs, ...plot }) => ({ ...plot, from: instantText(fromMs) })),
  };
}
