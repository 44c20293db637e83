import { ENGINE_VERSION } from '@bellwether/models';
import type { PeerDescription } from '@bellwether/models/peers';
import { figuresOf, probabilityOf, rate, type Figures, type Rate } from './figures.js';
import { learnedGain, type LearnedComparison } from './learned-gain.js';
import { OURS, OURS_LEARNED, type CaseOutcome } from './outcome.js';
import { brierScore, reliability, type Prediction, type ReliabilityBin } from './reliability.js';

/** Figures of every method over the same cases. */
export interface Section {
  readonly title: string;
  readonly figures: Readonly<Record<string, Figures>>;
}

/** False rollbacks of harmless cases of one kind of moment. */
export interface MomentRow {
  readonly set: string;
  /** Who says what kind of moment it is: the set's labels, or the window's own earlier days. */
  readonly by: 'label' | 'past';
  readonly moment: string;
  readonly rates: Readonly<Record<string, Rate>>;
}

/** How far what is said of harm can be believed. */
export interface ReliabilitySection {
  readonly title: string;
  readonly brier: number | null;
  readonly bins: readonly ReliabilityBin[];
}

/** The shipped curve beside the one that is refitted without the group that it is asked about. */
export interface CrossValidation {
  readonly set: string;
  readonly cases: number;
  readonly shipped: number | null;
  readonly refitted: number | null;
  /** Of always saying the share of bad cases of the set. */
  readonly baseRate: number;
}

/** Everything that a run found; the same for the same code and cases. */
export interface QualityReport {
  readonly engineVersion: string;
  readonly part: string;
  readonly methods: readonly PeerDescription[];
  readonly sections: readonly Section[];
  readonly moments: readonly MomentRow[];
  readonly reliability: readonly ReliabilitySection[];
  readonly crossValidation: readonly CrossValidation[];
  /** What the learned scorer changes; empty where it was not asked. */
  readonly learned: readonly LearnedComparison[];
  readonly errors: number;
}

/** Labels that are doubtful by their own makers' word: shown, and left out of what is said of all. */
const WEAKLY_LABELLED: ReadonlySet<string> = new Set(['nab']);

const BELLWETHER: PeerDescription = {
  name: OURS,
  title: 'Bellwether',
  source: 'this project at its defaults: α = 5 %, no policy, looks at every interval',
  cadence: 'each look',
};

const WITH_LEARNED: PeerDescription = {
  ...BELLWETHER,
  name: OURS_LEARNED,
  title: 'Bellwether, learned scorer on',
  source: 'the same with `learnedScorer: on` (docs/learned.md)',
};

/** What the report is made from. */
export interface Findings {
  readonly part: string;
  readonly peers: readonly PeerDescription[];
  readonly outcomes: readonly CaseOutcome[];
  /** Whether Bellwether also judged with the learned scorer. */
  readonly isLearnedAsked: boolean;
  /** Sets that something may have been fitted on. */
  readonly trained: ReadonlySet<string>;
  /** Probability of each outcome of a trained set by the curve refitted without its group, in their order. */
  readonly refitted: readonly number[];
}

/** Puts the outcomes of a run together. */
export function qualityReport(findings: Findings): QualityReport {
  const { part, peers, outcomes, isLearnedAsked, trained, refitted } = findings;
  const methods = [BELLWETHER, ...(isLearnedAsked ? [WITH_LEARNED] : []), ...peers];
  const names = methods.map(({ name }) => name);
  const slices = slicesOf(outcomes);
  return {
    engineVersion: ENGINE_VERSION,
    part,
    methods,
    sections: slices.map(({ title, members }) => ({
      title,
      figures: Object.fromEntries(names.map((name) => [name, figuresOf(members, name)])),
    })),
    moments: momentsOf(outcomes, names),
    reliability: slices
      .filter(({ isWhole }) => isWhole)
      .map(({ title, members }) => reliabilityOf(title, predictions(members))),
    crossValidation: crossValidation(outcomes, trained, refitted),
    learned: isLearnedAsked ? slices.map(({ title, members }) => learnedGain(title, members)) : [],
    errors: outcomes.filter(({ error }) => error !== undefined).length,
  };
}

/** Cases of sets that something was fitted on, in the order in which `refitted` is wanted. */
export function trainedOutcomes(
  outcomes: readonly CaseOutcome[],
  trained: ReadonlySet<string>,
): readonly CaseOutcome[] {
  return outcomes.filter(({ truth }) => trained.has(truth.set));
}

interface Slice {
  readonly title: string;
  readonly members: readonly CaseOutcome[];
  /** Not a part of a set. */
  readonly isWhole: boolean;
}

function slicesOf(outcomes: readonly CaseOutcome[]): readonly Slice[] {
  const sets = [...new Set(outcomes.map(({ truth }) => truth.set))];
  const slices = sets.flatMap((set): readonly Slice[] => {
    const members = outcomes.filter(({ truth }) => truth.set === set);
    const silent = members.filter(({ truth }) => truth.isSilent === true);
    const parts: readonly Slice[] = [
      {
        title: `${set}, canary served`,
        members: members.filter((one) => !silent.includes(one)),
        isWhole: false,
      },
      { title: `${set}, canary served nothing`, members: silent, isWhole: false },
    ];
    return [{ title: set, members, isWhole: true }, ...(silent.length > 0 ? parts : [])];
  });
  const trusted = sets.filter((set) => !WEAKLY_LABELLED.has(set));
  if (trusted.length < 2) return slices;
  const weak = sets.filter((set) => WEAKLY_LABELLED.has(set));
  const title = weak.length === 0 ? 'all sets' : `all sets but ${weak.join(', ')}`;
  const members = outcomes.filter(({ truth }) => trusted.includes(truth.set));
  return [...slices, { title, members, isWhole: true }];
}

function momentsOf(outcomes: readonly CaseOutcome[], names: readonly string[]): readonly MomentRow[] {
  const good = outcomes.filter(({ truth }) => !truth.isBad);
  const momentOf = {
    label: (one: CaseOutcome) => one.truth.moment,
    past: (one: CaseOutcome) => one.ownMoment,
  };
  return [...new Set(good.map(({ truth }) => truth.set))].flatMap((set) =>
    (['label', 'past'] as const).flatMap((by) => {
      const members = good.filter((one) => one.truth.set === set && momentOf[by](one) !== undefined);
      const moments = [...new Set(members.map((one) => momentOf[by](one) ?? ''))].sort();
      return moments.map((moment): MomentRow => {
        const same = members.filter((one) => momentOf[by](one) === moment);
        const wrong = (name: string): number =>
          same.filter(({ methods }) => methods[name]?.verdict === 'rollback').length;
        const rates = names.map((name) => [name, rate(wrong(name), same.length)] as const);
        return { set, by, moment, rates: Object.fromEntries(rates) };
      });
    }),
  );
}

function predictions(outcomes: readonly CaseOutcome[]): readonly Prediction[] {
  return outcomes.flatMap(({ truth, methods }) => {
    const ours = methods[OURS];
    return ours === undefined ? [] : [{ probability: probabilityOf(ours), isBad: truth.isBad }];
  });
}

function reliabilityOf(title: string, said: readonly Prediction[]): ReliabilitySection {
  return { title, brier: brierScore(said), bins: reliability(said) };
}

function crossValidation(
  outcomes: readonly CaseOutcome[],
  trained: ReadonlySet<string>,
  refitted: readonly number[],
): readonly CrossValidation[] {
  const fitted = trainedOutcomes(outcomes, trained).map((outcome, index) => ({
    outcome,
    probability: refitted[index] ?? NaN,
  }));
  return [...new Set(fitted.map(({ outcome }) => outcome.truth.set))].map((set) => {
    const members = fitted.filter(({ outcome }) => outcome.truth.set === set);
    const share = members.filter(({ outcome }) => outcome.truth.isBad).length / members.length;
    const apart = members.map(({ outcome, probability }) => ({ probability, isBad: outcome.truth.isBad }));
    return {
      set,
      cases: members.length,
      shipped: brierScore(predictions(members.map(({ outcome }) => outcome))),
      refitted: apart.every(({ probability }) => Number.isFinite(probability)) ? brierScore(apart) : null,
      baseRate: share * (1 - share),
    };
  });
}
