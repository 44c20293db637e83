import type { RankedCause } from '@bellwether/models';
import type { ShiftOnset, VerdictAttribution } from '../domain/attribution.js';
import { reportHref } from './action-section.js';
import { formatDuration, timeTag } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { releaseVerdict, type ReportPage } from './report-page.js';
import { sentence } from './summary.js';
import { formatP, formatShare } from './units.js';

/** Names of services that are written out. */
const MOST_NAMES = 8;

/** Whose doing the shift is: when it began, which deployments of the time fit, and who else moved. */
export function attributionSection(page: ReportPage): Piece {
  const found = releaseVerdict(page)?.attribution;
  if (found === undefined) return false;
  const { candidates, onset, compared } = found;
  return html`<section class="card" aria-labelledby="blame">
    <h2 id="blame">Is it this deployment?</h2>
    <p>
      <strong><bdi>${found.sentence}</bdi></strong>
    </p>
    <div class="halves">
      <div>
        <h3>What fits</h3>
        ${
          candidates.length === 0
            ? html`<p class="soft">Nothing could be weighed.</p>`
            : html`<ol class="reasons">
                ${candidates.map((cause) => causeTag(page, cause))}
              </ol>`
        }
        ${compared.deploymentsLeftOut > 0 && html`<p class="soft">${compared.deploymentsLeftOut} more deployments of the time were not weighed.</p>`}
      </div>
      <div>
        <h3>When it began</h3>
        ${onset === undefined ? html`<p class="soft">It could not be told.</p>` : onsetTag(page, onset)}
        <h3>The other services</h3>
        ${othersTag(found)}
      </div>
    </div>
  </section>`;
}

function causeTag({ deployment: judged }: ReportPage, cause: RankedCause): Markup {
  const { deployment, service = '', version = '', share, reasons } = cause;
  const name =
    deployment === undefined
      ? html`Something else`
      : deployment === judged.id
        ? html`This deployment`
        : html`<a href="${reportHref(deployment)}"><bdi>${service}</bdi> <bdi>${version}</bdi></a>`;
  return html`<li>
    <strong>${name}: ${formatShare(share)}</strong><br /><span class="soft"
      ><bdi>${sentence(reasons.join(', '))}</bdi></span
    >
  </li>`;
}

function onsetTag(
  { deployment }: ReportPage,
  { atMs, fromMs, toMs, level, beforeDeployment }: ShiftOnset,
): Markup {
  const aheadMs = deployment.startedAtMs - atMs;
  const where =
    aheadMs === 0
      ? 'with this deployment'
      : `${formatDuration(aheadMs)} ${aheadMs > 0 ? 'before' : 'after'} this deployment`;
  return html`<p>
    ${timeTag(atMs)}, ${where}${beforeDeployment && html`: <strong>clearly before it</strong>`}.<br /><span
      class="soft"
      >With ${formatShare(level)} credibility between ${timeTag(fromMs)} and ${timeTag(toMs)}.</span
    >
  </p>`;
}

function othersTag({ commonCause, compared }: VerdictAttribution): Markup {
  const { services, moved, p, contrast } = commonCause;
  const leftOut =
    compared.servicesLeftOut > 0 &&
    html` <span class="soft">${compared.servicesLeftOut} more services were not read.</span>`;
  if (services === 0) return html`<p class="soft">None could be compared.${leftOut}</p>`;
  const names = moved.slice(0, MOST_NAMES);
  const more = moved.length - names.length;
  return html`<p>
      ${moved.length} of ${services} moved at the same
      time${names.length > 0 && html`: ${names.map((name, index) => html`${index > 0 && ', '}<bdi>${name}</bdi>`)}${more > 0 && ` and ${more} more`}`}.
      ${p !== undefined && html`<span class="soft">In their own past as many moved together with p = ${formatP(p)}.</span>`}${leftOut}
    </p>
    ${contrast !== undefined && contrastTag(contrast)}`;
}

function contrastTag({
  metric,
  own,
  others,
  difference,
  low,
  high,
  p,
}: NonNullable<VerdictAttribution['commonCause']['contrast']>): Markup {
  const signed = (share: number): string => `${share >= 0 ? '+' : '−'}${formatShare(Math.abs(share))}`;
  return html`<p class="soft">
    <bdi>${metric}</bdi> moved by ${signed(own)}, the same kind of metric elsewhere by ${signed(others)}: a
    difference of ${signed(difference)} (${signed(low)} to ${signed(high)}, p = ${formatP(p)}).
  </p>`;
}
