import type { MetricPlot } from '../domain/evidence.js';
import type { MetricSpec } from '../domain/policy.js';
import type { MetricFinding } from '../domain/verdict.js';
import { effectSentence } from './effect-words.js';
import { badge, type IconName, type Tone } from './icon.js';
import { formatDuration, timeTag } from './instant.js';
import { html, trusted, type Markup, type Piece } from './markup.js';
import { metricTable } from './metric-table.js';
import { plotLegend } from './plot-legend.js';
import { metricPlot } from './plot.js';
import type { ReportPage } from './report-page.js';
import { sentence } from './summary.js';
import { formatP, formatRelativeSize, formatShare, formatSize, formatValue } from './units.js';

/** What a card is made of; `plot` is absent when no evidence was kept, `spec` when the policy no longer names the metric. */
export interface CardInput {
  readonly id: string;
  readonly finding: MetricFinding;
  readonly spec?: MetricSpec;
  readonly plot?: MetricPlot;
  readonly steps: ReportPage['steps'];
  readonly changeAtMs: number;
}

/** How a metric stands; `changed` is what nobody knows to be harm: a large move of a metric that was only discovered and may go either way. */
export type ShownStatus = MetricFinding['status'] | 'changed';

const statuses: Readonly<Record<ShownStatus, readonly [tone: Tone, icon: IconName, word: string]>> = {
  changed: ['unsure', 'moved', 'Changed'],
  harmed: ['bad', 'alert', 'Harmed'],
  moved: ['unsure', 'moved', 'Moved, not harmful'],
  quiet: ['good', 'check', 'Quiet'],
  insufficient: ['unsure', 'question', 'Not enough data'],
};

export function statusBadge(status: string): Markup {
  const [tone, name, word] = Object.hasOwn(statuses, status)
    ? statuses[status as ShownStatus]
    : (['unsure', 'question', status] as const);
  return badge(tone, name, word);
}

/** What the card of a finding says of it. */
export function shownStatus(
  { status }: Pick<MetricFinding, 'status'>,
  spec: Pick<MetricSpec, 'direction' | 'criticality'> | undefined,
): ShownStatus {
  const isSurprise = spec?.direction === 'both' && spec.criticality === 'advisory';
  return status === 'harmed' && isSurprise ? 'changed' : status;
}

/** One metric's evidence: what moved by how much, drawn, in words, and as a table. */
export function metricCard(input: CardInput): Markup {
  const { finding, spec, plot } = input;
  const unit = finding.unit === '' ? (spec?.unit ?? '') : finding.unit;
  const tags = [
    spec?.criticality === 'critical' && 'critical',
    spec?.criticality === 'advisory' && 'advisory: never decides',
    spec?.missing === 'required' && 'required',
  ].filter((tag) => tag !== false);
  return html`<article class="card metric" aria-labelledby="${input.id}-h">
    <header>
      <h3 id="${input.id}-h"><bdi>${finding.name}</bdi></h3>
      ${statusBadge(shownStatus(finding, spec))} ${tags.map((tag) => html`<span class="tag">${tag}</span>`)}
    </header>
    <p class="effect">
      ${finding.effect === undefined ? sentence(finding.text) : effectSentence(finding.effect, unit)}
    </p>
    ${plot !== undefined && figure(input, plot)} ${details(input, unit)}
    ${plot !== undefined && metricTable(plot)}
  </article>`;
}

function figure(input: CardInput, plot: MetricPlot): Markup {
  const { spec } = input;
  const onsetAtMs = shownOnset(input.finding);
  const context = {
    id: input.id,
    changeAtMs: input.changeAtMs,
    steps: input.steps,
    warmupMs: plot.warmupMs ?? spec?.warmupMs ?? 0,
    ...(onsetAtMs === undefined ? {} : { onsetAtMs }),
    ...(spec?.guardRail === undefined ? {} : { guardRail: spec.guardRail }),
  };
  return html`<figure>
    <div class="plot-box">${metricPlot(plot, context)}</div>
    <figcaption>${plotLegend(plot, context)}</figcaption>
  </figure>`;
}

/** A share as a bar and as a number. */
function contributionBar(share: number): Markup {
  const width = trusted(`${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}%`);
  return html`<svg class="bar" width="100%" height="8" aria-hidden="true" focusable="false">
    <rect class="trough" width="100%" height="8" rx="4" />
    <rect class="fill" width="${width}" height="8" rx="4" />
  </svg>`;
}

function details(input: CardInput, unit: string): Markup {
  const { finding, spec } = input;
  return html`<dl class="pairs compact">
    ${
      finding.status !== 'insufficient' &&
      html`<div>
        <dt>Share of the evidence</dt>
        <dd>${formatShare(finding.contribution)} ${contributionBar(finding.contribution)}</dd>
      </div>`
    }
    ${
      finding.p !== undefined &&
      html`<div>
        <dt>p of this metric alone</dt>
        <dd>${formatP(finding.p)}</dd>
      </div>`
    }
    ${onset(finding, input.changeAtMs)}
    <div>
      <dt>Data since the change</dt>
      <dd>${formatShare(finding.coverage)} of intervals</dd>
    </div>
    ${
      finding.baseline !== undefined &&
      html`<div>
        <dt>Compared with</dt>
        <dd>
          ${baselineWords(finding.baseline)}${finding.scorer !== undefined && html`; found by <code>${finding.scorer}</code>`}
        </dd>
      </div>`
    }
    ${
      spec !== undefined &&
      html`<div>
        <dt>Your limits</dt>
        <dd>${limits(spec, unit)}</dd>
      </div>`
    }
  </dl>`;
}

/** Where a quiet metric would have begun to move is noise. */
function shownOnset({ status, onsetAtMs }: MetricFinding): number | undefined {
  return status === 'quiet' ? undefined : onsetAtMs;
}

function onset(finding: MetricFinding, changeAtMs: number): Piece {
  const onsetAtMs = shownOnset(finding);
  if (onsetAtMs === undefined) return false;
  const afterMs = onsetAtMs - changeAtMs;
  return html`<div>
    <dt>Began</dt>
    <dd>
      ${timeTag(onsetAtMs)},
      ${afterMs < 0 ? 'before the change' : afterMs === 0 ? 'with the change' : `${formatDuration(afterMs)} after the change`}
    </dd>
  </div>`;
}

function baselineWords(baseline: string): string {
  const words: Readonly<Record<string, string>> = {
    season: 'the same time on earlier days',
    level: 'the time just before',
    control: 'the control group at the same time',
  };
  return (Object.hasOwn(words, baseline) ? words[baseline] : undefined) ?? baseline;
}

function sizeWords({ relative, absolute }: MetricSpec['minEffect'], unit: string): string {
  const parts = [
    relative === undefined ? undefined : formatRelativeSize(relative),
    absolute === undefined ? undefined : formatSize(absolute, unit),
  ];
  return parts.filter((part) => part !== undefined).join(' and ') || 'any size';
}

function limits(spec: MetricSpec, unit: string): string {
  const worse = { up: 'a rise', down: 'a fall', both: 'any move' }[spec.direction];
  const rail = spec.guardRail;
  const rails = [
    rail?.above === undefined ? undefined : `above ${formatValue(rail.above, unit)}`,
    rail?.below === undefined ? undefined : `below ${formatValue(rail.below, unit)}`,
  ].filter((limit) => limit !== undefined);
  const guard = rails.length === 0 ? '' : `; decides at once ${rails.join(' or ')}`;
  return `${worse} harms from ${sizeWords(spec.minEffect, unit)}; tolerated below ${sizeWords(spec.tolerance, unit)}${guard}`;
}
