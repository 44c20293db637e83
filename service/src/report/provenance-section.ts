import type { CalibrationSummary } from '@bellwether/models';
import { DISCOVERED_GROUP } from '../domain/discovery.js';
import type { Policy } from '../domain/policy.js';
import { formatDuration } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { judgedVerdict, releaseVerdict, type ReportPage } from './report-page.js';
import { guaranteeWords } from './rule-words.js';
import { sentence } from './summary.js';
import { tuningList } from './tuning-list.js';
import { formatNumber, formatP, formatShare } from './units.js';

/** What stands behind the numbers: calibration, policy, versions and content addresses. */
export function provenanceSection(page: ReportPage): Markup {
  const calibration = judgedVerdict(page)?.calibration ?? page.evidence?.calibration;
  return html`<section class="card" aria-labelledby="provenance">
    <h2 id="provenance">What stands behind it</h2>
    <div class="halves">
      <div>
        <h3>Calibration</h3>
        ${calibration === undefined ? html`<p class="soft">Not calibrated, or no record of it was kept.</p>` : calibrationList(page, calibration)}
      </div>
      <div>
        <h3>Policy “<bdi>${page.deployment.policy.name}</bdi>” as it was at the start</h3>
        ${policyList(page.deployment.policy)}
      </div>
    </div>
    ${tuningList(judgedVerdict(page)?.tuning)} ${versions(page)}
  </section>`;
}

function calibrationList({ deployment }: ReportPage, calibration: CalibrationSummary): Markup {
  // Dozens of metrics that nobody asked for say in their own cards what is doubtful about them.
  const discovered = deployment.policy.metrics.filter(({ group }) => group === DISCOVERED_GROUP);
  const reasons = calibration.reasons.filter(({ metric }) => discovered.every(({ name }) => name !== metric));
  return html`<dl class="pairs compact">
      <div>
        <dt>Guarantee</dt>
        <dd>${guaranteeWords(calibration.guarantee).name}</dd>
      </div>
      <div>
        <dt>History used</dt>
        <dd>${formatDuration(calibration.historyMs)}</dd>
      </div>
      <div>
        <dt>Placebo deployments</dt>
        <dd>
          ${formatNumber(calibration.placebos)}, worth ${formatNumber(calibration.effectivePlacebos)}
          independent ones
        </dd>
      </div>
      ${
        calibration.learned !== undefined &&
        html`<div>
          <dt>Learned scorer</dt>
          <dd>${calibration.learned.model} on ${calibration.learned.backend}</dd>
        </div>`
      }
    </dl>
    ${
      reasons.length > 0 &&
      html`<ul class="reasons">
        ${reasons.map((reason) => html`<li><bdi>${sentence(reason.text)}</bdi></li>`)}
      </ul>`
    }`;
}

function policyList(policy: Policy): Markup {
  const { consumers, brakes, requiredChecks = [] } = policy;
  return html`<dl class="pairs compact">
    <div>
      <dt>Mode</dt>
      <dd>${policy.mode}</dd>
    </div>
    <div>
      <dt>α of a release</dt>
      <dd>
        ${formatP(policy.alpha)}, spent
        ${typeof policy.spending === 'string' ? policy.spending : policy.spending.join(' / ')}
      </dd>
    </div>
    <div>
      <dt>Prior of harm</dt>
      <dd>
        ${formatShare(policy.prior)},
        ${policy.feedback === 'off' ? 'whatever was learned' : 'until more is known of the service'}
      </dd>
    </div>
    <div>
      <dt>Watch</dt>
      <dd>
        ${formatDuration(policy.watchMs)}, a look every ${formatDuration(policy.intervalMs)}, samples settle
        for ${formatDuration(policy.settleMs)}
      </dd>
    </div>
    <div>
      <dt>History asked for</dt>
      <dd>${formatDuration(policy.historyMs)}</dd>
    </div>
    <div>
      <dt>Enough data</dt>
      <dd>
        ${formatShare(policy.minCoverage)} of intervals; earliest continue after
        ${formatShare(policy.earliestContinue)} of the watch
      </dd>
    </div>
    <div>
      <dt>Executor</dt>
      <dd>${policy.executor === undefined ? 'none' : html`<bdi>${policy.executor}</bdi>`}</dd>
    </div>
    <div>
      <dt>Brakes</dt>
      <dd>
        at most ${brakes.maxAutomaticRollbacksPerHour} automatic rollbacks an hour; none while
        ${brakes.commonCauseServices} other services look harmed
      </dd>
    </div>
    ${
      requiredChecks.length > 0 &&
      html`<div>
        <dt>Required checks</dt>
        <dd>
          ${requiredChecks.map(({ name, step, onFailure }, index) => html`${index > 0 && '; '}<bdi>${name}</bdi>${step !== undefined && html` at <bdi>${step}</bdi>`}, failed: ${onFailure}`)}
        </dd>
      </div>`
    }
    <div>
      <dt>Consumers</dt>
      <dd>
        pending ${consumers.pending}, inconclusive ${consumers.inconclusive}, outage ${consumers.outage}
      </dd>
    </div>
  </dl>`;
}

function versions(page: ReportPage): Piece {
  const verdict = releaseVerdict(page);
  if (verdict === undefined) return false;
  const judged = judgedVerdict(page);
  return html`<h3>Versions and addresses</h3>
    <dl class="pairs compact">
      <div>
        <dt>Engine</dt>
        <dd><code>${verdict.engineVersion}</code></dd>
      </div>
      <div>
        <dt>Verdict</dt>
        <dd>
          #${verdict.sequence} <code>${verdict.id}</code>, deployment revision ${page.deployment.revision}
        </dd>
      </div>
      <div>
        <dt>Evidence</dt>
        <dd>
          ${judged?.evidenceHash === undefined ? 'none kept' : html`<code>${judged.evidenceHash}</code>`}
        </dd>
      </div>
      ${
        page.evidence !== undefined &&
        html`<div>
          <dt>History snapshot</dt>
          <dd><code>${page.evidence.snapshotHash}</code></dd>
        </div>`
      }
    </dl>`;
}
