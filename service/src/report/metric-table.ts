import type { MetricPlot } from '../domain/evidence.js';
import { formatClock } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { formatNumber, unitScale } from './units.js';

/** Rows beyond which neighbouring intervals are averaged; the JSON beside the page holds every sample. */
const mostRows = 40;

function meanOf(values: readonly (number | null)[], from: number, to: number): number | null {
  let sum = 0;
  let count = 0;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? null;
    if (value === null || !Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}

/** A plot as a table behind a disclosure, for those who read numbers rather than lines. */
export function metricTable(plot: MetricPlot): Markup {
  const length = Math.max(plot.live.length, plot.expected.length);
  const size = Math.max(1, Math.ceil(length / mostRows));
  const largest = plot.live.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
  const scale = unitScale(plot.unit, largest);
  const show = (values: readonly (number | null)[], from: number): string => {
    const value = meanOf(values, from, from + size);
    return value === null ? '–' : formatNumber(value * scale.factor);
  };
  const rows: Piece[] = [];
  for (let from = 0; from < length; from += size) {
    rows.push(
      html`<tr>
        <th scope="row">${formatClock(plot.fromMs + from * plot.intervalMs)}</th>
        <td>${show(plot.live, from)}</td>
        <td>${show(plot.expected, from)}</td>
        <td>${show(plot.low, from)}</td>
        <td>${show(plot.high, from)}</td>
        ${plot.control !== undefined && html`<td>${show(plot.control, from)}</td>`}
      </tr>`,
    );
  }
  const unit = scale.symbol === '' ? '' : `, in ${scale.symbol}`;
  const averaged = size === 1 ? '' : ` Each row averages ${size} intervals; report.json holds all samples.`;
  return html`<details>
    <summary>Numbers of <bdi>${plot.name}</bdi></summary>
    <div class="scroll" role="region" tabindex="0" aria-label="Table of ${plot.name}">
      <table>
        <caption>
          Interval starts, UTC${unit}.${averaged}
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Live</th>
            <th scope="col">Expected</th>
            <th scope="col">Lowest</th>
            <th scope="col">Highest</th>
            ${plot.control !== undefined && html`<th scope="col">Control</th>`}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}
