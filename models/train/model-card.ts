import { createHash } from 'node:crypto';
import { MEASURED_LOOKS, type Ranking } from './held-out.js';
import type { TrainingPlan } from './train-model.js';

/** What a card says that is not the same for all models. */
export interface CardFacts {
  readonly model: string;
  readonly plan: TrainingPlan;
  readonly backend: string;
  readonly bytes: Uint8Array;
  readonly rankings: readonly Ranking[];
  /** Windows that each ranking rests on. */
  readonly windows: number;
}

function columnWidth(rows: readonly (readonly string[])[], column: number): number {
  return Math.max(...rows.map((cells) => (cells[column] ?? '').length));
}

function rankingTable(rankings: readonly Ranking[]): string {
  const names = [...new Set(rankings.map(({ name }) => name))];
  const cell = (name: string, look: number): string => {
    const found = rankings.find((each) => each.name === name && each.look === look);
    return found === undefined ? '' : `${found.auc.toFixed(3)} / ${found.truePositives.toFixed(2)}`;
  };
  const rows = [
    ['windows, scored by', ...MEASURED_LOOKS.map((look) => `${look} of 60 steps seen`)],
    ...names.map((name) => [name, ...MEASURED_LOOKS.map((look) => cell(name, look))]),
  ];
  // Aligned as the formatter would align it, so that a card that was just written passes the checks.
  const widths = MEASURED_LOOKS.map((_, column) => columnWidth(rows, column + 1));
  widths.unshift(columnWidth(rows, 0));
  const line = (cells: readonly string[], filler: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head, ' '), line([], '-'), ...body.map((cells) => line(cells, ' '))].join('\n');
}

/** The model card: what the weights are, where they come from, what they do and what they do not. */
export function modelCard({ model, plan, backend, bytes, rankings, windows }: CardFacts): string {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `# ${model}

Written by \`npm run train\`; do not edit.

**What it does.** Looks at one metric around a deployment (60 steps before and up to 60 after, and the same hours of earlier
days or a control group) and gives a logit, larger = more like harm. It ranks windows. It is never thresholded: the
placebo calibration gives its scores their meaning, and the false-rollback rate does not rest on it.

**Network.** Patches of 5 steps, two mixer blocks of width 32, mean and maximum over the patches, joined by statistical
features, one hidden layer of 64. ${bytes.length} bytes.

**Data.** Synthetic windows alone, made by \`models/train\`: seven families (gauges, skewed latencies, counts, quantised,
intermittent, bounded and nearly still values) over autoregressive noise with heavy tails, a season, recurring peaks, drifts
and gaps. Half of them are harmed: level shifts, ramps, leaks, saturation, variance, bursts, bimodality, missing data. The
others are quiet, improved, calmed, warming up, hit by a single blip, moved before the change or on a reference day only. No
recorded series of anyone went into the weights.

**Training.** Seed ${plan.seed}, ${plan.steps} steps of ${plan.batch} fresh windows, Adam with weight decay, learning rate ${plan.learningRate}
falling along a cosine, backend ${backend}. ${plan.blind === 'nothing' ? '' : `Blind to the ${plan.blind} (an ablation). `}The same seed, backend, Node version and processor family give the same bytes:
SHA-256 \`${hash}\`. Other backends and processors round differently; a training there
ends in other weights of the same quality, and inference with these weights agrees to 0.001 (checked on loading).

**Measured** on ${windows} synthetic windows each, seeds that training does not use: AUC / share of harm found at 5 % false alarms.

${rankingTable(rankings)}

**Limits.**

- It adds to the statistical scans and replaces none: where incidents are short and stand far out, a plain scan over
  stretches beyond all reference days ranks better.
- What no family shows it may misread: calibration then makes it harmless, not useful.
- Without a reference day or control it sees only the level before, and seasons look like harm.
- Harm is the declared direction's; for metrics that may move neither way it is asked twice and the larger logit counts.
- Shifts that follow from traffic alone look like harm, unless a control group shares them.
- A watch of more than 60 intervals is averaged into 60 steps: bursts shorter than a step fade.
`;
}
