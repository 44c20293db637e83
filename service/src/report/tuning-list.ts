import type { Tuning } from '../domain/tuning.js';
import { html, type Markup, type Piece } from './markup.js';
import { formatNumber, formatShare } from './units.js';

/** What the service's history and people's feedback changed for the watch; false where nothing was learned. */
export function tuningList(tuning: Tuning | undefined): Piece {
  if (tuning === undefined || (tuning.prior.source === 'policy' && tuning.weights.length === 0)) return false;
  return html`<h3>What was learned of this service</h3>
    <dl class="pairs compact">
      <div>
        <dt>Prior of harm</dt>
        <dd>${prior(tuning)}</dd>
      </div>
      ${
        tuning.weights.length > 0 &&
        html`<div>
          <dt>Attention</dt>
          <dd>
            ${tuning.weights.map(({ metric, factor }, index) => html`${index > 0 && '; '}<bdi>${metric}</bdi> × ${formatNumber(factor)}`)}
          </dd>
        </div>`
      }
      <div>
        <dt>Never changed by it</dt>
        <dd>α, limits and minimum effects</dd>
      </div>
    </dl>`;
}

function prior({ prior: { value, declared, source, releases, harmful, labelled } }: Tuning): Markup {
  if (source === 'policy') return html`${formatShare(value)}, as the policy declares`;
  return html`${formatShare(value)}: ${harmful} of the last ${releases} releases did harm
  (${labelled === 0 ? 'by their verdicts' : `people spoke of ${labelled}`}); the policy declares
  ${formatShare(declared)}`;
}
