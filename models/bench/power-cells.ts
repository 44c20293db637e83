import type { TrialCell } from './plan-trials.js';
import type { ArmsPlan } from './synthetic-arms.js';
import type { Harm } from './synthetic-harm.js';
import type { SyntheticService } from './synthetic-service.js';
import type { Trial } from './trial.js';

/** A harmed cell beside the harmless one of the same service. */
export interface PowerCase {
  readonly title: string;
  readonly harmed: TrialCell;
  readonly quiet: TrialCell;
  /** Interval since the change at which the harm begins. */
  readonly onset: number;
}

/** Seven days of minutes and a watch of an hour, autoregression .5, daily season. */
const SERVICE: SyntheticService = {
  metrics: 1,
  phi: 0.5,
  season: true,
  history: 7 * 1440,
  gap: 0,
  looks: 60,
  day: 1440,
  alpha: 0.05,
};
const TEN_PERCENT: Harm = { kind: 'shift', size: Math.log(1.1), onset: 0, hits: 'first' };
const MINIMUM = 0.05;
/** A shift in standard deviations of the noise, which is 0.1 log units. */
const TWO_SIGMA = 0.2;

interface ServiceCase {
  readonly group: string;
  readonly service: SyntheticService;
  readonly harms: readonly (readonly [word: string, title: string, harm: Harm])[];
}

function first(kind: Harm['kind'], size: number, onset = 0): Harm {
  return { kind, size, onset, hits: 'first' };
}

const SERVICE_CASES: readonly ServiceCase[] = [
  ...[0.05, 0.1].map((noiseSize): ServiceCase => ({
    group: `latency/noise-${noiseSize}`,
    service: { ...SERVICE, noiseSize, minEffect: MINIMUM },
    harms: [
      [
        'shift',
        `latency +10 %, policy minimum 5 %, noise ${100 * noiseSize} % (${(TEN_PERCENT.size / noiseSize).toFixed(1)} σ)`,
        TEN_PERCENT,
      ],
    ],
  })),
  {
    group: 'kinds',
    service: SERVICE,
    harms: [
      ['shift', 'shift of 2 σ', first('shift', TWO_SIGMA)],
      ['ramp', 'ramp to 2 σ within 15 min', first('ramp', TWO_SIGMA)],
      ['leak', 'leak, 4 σ at the end of the hour', first('leak', 2 * TWO_SIGMA)],
      ['late', 'shift of 2 σ after half an hour', first('shift', TWO_SIGMA, 30)],
      ['variance-2', 'variance × 2', first('noise', Math.SQRT2)],
      ['variance-4', 'variance × 4', first('noise', 2)],
      ['bursts', 'bursts: +5 σ in 10 % of the minutes', first('bursts', 0.5)],
      ['bimodality', 'two modes, 2 σ up and down', first('bimodality', TWO_SIGMA)],
    ],
  },
  {
    group: 'twenty',
    service: { ...SERVICE, metrics: 20 },
    harms: [
      ['one', 'one of twenty metrics by 3 σ', first('shift', 0.3)],
      ['many', 'each of twenty metrics by 0.5 σ', { kind: 'shift', size: 0.05, onset: 0, hits: 'all' }],
    ],
  },
  {
    group: 'twenty-apart',
    service: { ...SERVICE, metrics: 20, common: 0 },
    harms: [
      [
        'many',
        'each of twenty metrics with nothing in common by 0.5 σ',
        { kind: 'shift', size: 0.05, onset: 0, hits: 'all' },
      ],
    ],
  },
];

const ARMS: ArmsPlan = {
  treatmentRequests: 1000,
  controlRequests: 1000,
  quiet: 0.001,
  harmed: 0.005,
  history: 30,
  hasTreatmentPast: false,
  looks: 60,
  alpha: 0.05,
};

const ARMS_CASES: readonly (readonly [word: string, title: string, plan: ArmsPlan])[] = [
  ['each', '1,000 requests/min in each arm', ARMS],
  [
    'together',
    '1,000 requests/min, half in each arm',
    { ...ARMS, treatmentRequests: 500, controlRequests: 500 },
  ],
  ['canary', '1,000 requests/min in the canary, 9,000 in the control', { ...ARMS, controlRequests: 9000 }],
  [
    'tenfold',
    '10,000 requests/min in each arm',
    { ...ARMS, treatmentRequests: 10_000, controlRequests: 10_000 },
  ],
];

/** Deployments of one past that follow each other's noise are one cell; the harmed one draws the same as the harmless one. */
export function powerCases(futures: number): readonly PowerCase[] {
  const cell = (id: string, position: number, subject: Trial['subject']): TrialCell => {
    const many = subject.kind === 'service' ? futures : 1;
    return { id, subject, position, futures: many, peerFutures: many };
  };
  const services = SERVICE_CASES.flatMap(({ group, service, harms }, position) => {
    const quiet = cell(`${group}/quiet`, position, { kind: 'service', service });
    return harms.map(([word, title, harm]): PowerCase => ({
      title,
      quiet,
      harmed: cell(`${group}/${word}`, position, { kind: 'service', service, harm }),
      onset: harm.onset,
    }));
  });
  const arms = ARMS_CASES.map(([word, title, plan], index): PowerCase => {
    const position = SERVICE_CASES.length + index;
    return {
      title: `errors 0.1 → 0.5 %, ${title}`,
      quiet: cell(`errors/${word}/quiet`, position, { kind: 'arms', plan, isHarmed: false }),
      harmed: cell(`errors/${word}/harmed`, position, { kind: 'arms', plan, isHarmed: true }),
      onset: 0,
    };
  });
  return [...arms, ...services];
}
