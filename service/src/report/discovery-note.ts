import { DISCOVERED_GROUP } from '../domain/discovery.js';
import { html, type Piece } from './markup.js';
import type { ReportPage } from './report-page.js';
import { sentence } from './summary.js';
import { formatNumber, formatP } from './units.js';

/** What discovery added to the policy, how far that can be believed, or why it could not look. */
export function discoveryNote({ deployment }: ReportPage): Piece {
  const { discovery, policy } = deployment;
  if (discovery === undefined) return false;
  const source = html`the source “<bdi>${discovery.source}</bdi>”`;
  if (discovery.problem !== undefined)
    return html`<p class="note">
      What no metric of the policy names is not watched: ${source} could not be looked through.
      <bdi>${sentence(discovery.problem)}</bdi>
    </p>`;
  const { length } = policy.metrics.filter(({ group }) => group === DISCOVERED_GROUP);
  if (length === 0)
    return html`<p class="note">Discovery found nothing in ${source} that the policy does not name.</p>`;
  const chance = formatNumber(length * policy.alpha);
  return html`<p class="note">
    ${length} ${length === 1 ? 'metric that no policy names is' : 'metrics that no policy names are'} watched
    too, found in ${source}. They never decide. Each is judged by itself, so by chance alone about ${chance}
    of them would stand out at α = ${formatP(policy.alpha)}: look at what moved, and name in the policy what
    matters.
  </p>`;
}
