import { createRandom, type Arm, type LiveMetric, type MetricRule, type Snapshot } from '../src/index.js';
import { syntheticRule } from './synthetic-service.js';

/** Requests and errors of a canary beside a control group; times in intervals of a minute. */
export interface ArmsPlan {
  /** Requests an interval. */
  readonly treatmentRequests: number;
  readonly controlRequests: number;
  /** Share of errors of both arms, and of the treatment where it is harmed. */
  readonly quiet: number;
  readonly harmed: number;
  /** Intervals before the change. */
  readonly history: number;
  /** Whether the treatment ran before the change, as a split of the same instances does. */
  readonly hasTreatmentPast: boolean;
  readonly looks: number;
  readonly alpha: number;
}

const INTERVAL_MS = 60_000;
/** Requests swing by this share over about an hour. */
const SWING = 0.3;
const SWING_INTERVALS = 9;

/** Draws one deployment of a canary; harm begins with the change. */
export function drawArms(
  plan: ArmsPlan,
  seed: number,
  isHarmed: boolean,
): { readonly snapshot: Snapshot; readonly live: readonly LiveMetric[] } {
  const random = createRandom(seed);
  const length = plan.history + plan.looks;
  const draw = (requests: number, ratioAt: (index: number) => number) => {
    const totals = Float64Array.from({ length }, (_, index) =>
      random.poisson(requests * (1 + SWING * Math.sin(index / SWING_INTERVALS))),
    );
    const events = totals.map((total, index) => Math.min(total, random.poisson(total * ratioAt(index))));
    return { events, totals };
  };
  const cut = ({ events, totals }: ReturnType<typeof draw>, from: number, to: number): Arm => ({
    shape: 'ratio',
    events: events.slice(from, to),
    totals: totals.slice(from, to),
  });
  const isBad = (index: number): boolean => isHarmed && index >= plan.history;
  const treatment = draw(plan.treatmentRequests, (index) => (isBad(index) ? plan.harmed : plan.quiet));
  const control = draw(plan.controlRequests, () => plan.quiet);
  const nothing = new Float64Array(plan.history).fill(NaN);
  const rule: MetricRule = { ...syntheticRule(0), kind: 'error', unit: '', shape: 'ratio' };
  return {
    snapshot: {
      intervalMs: INTERVAL_MS,
      changeAtMs: 0,
      changeIndex: plan.history,
      plannedLooks: plan.looks,
      metrics: [
        {
          rule,
          treatment: plan.hasTreatmentPast
            ? cut(treatment, 0, plan.history)
            : { shape: 'ratio', events: nothing, totals: nothing },
          control: cut(control, 0, plan.history),
        },
      ],
      excluded: [],
      alpha: plan.alpha,
      prior: 0.1,
      groupWeights: {},
      earliestContinue: 1,
      minCoverage: 0.5,
    },
    live: [{ treatment: cut(treatment, plan.history, length), control: cut(control, plan.history, length) }],
  };
}
