import { wilsonInterval } from '@bellwether/models';
import { areaUnderCurve } from './area-under-curve.js';
import type { CaseOutcome, MethodOutcome } from './outcome.js';

/** A share with its 95 % Wilson interval. */
export interface Rate {
  readonly hits: number;
  readonly of: number;
  readonly share: number | null;
  readonly low: number;
  readonly high: number;
}

/** Delays of the rollbacks of bad cases, in minutes. */
export interface Delays {
  /** Rollbacks that are counted. */
  readonly count: number;
  readonly median: number | null;
  readonly ninetieth: number | null;
  /** Decided before there was anything to decide on; not counted. */
  readonly early: number;
}

/** How a method did on some cases. What cannot be computed is null. */
export interface Figures {
  readonly bad: number;
  readonly good: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly falseRollbacks: Rate;
  readonly inconclusiveBad: number | null;
  readonly inconclusiveGood: number | null;
  /** From the labelled onset. */
  readonly delays: Delays;
  /** From the first visible deviation. */
  readonly visibleDelays: Delays;
  readonly auc: number | null;
  /** Mean squared error of the probability; of a method without one, of its verdict taken as 0 or 1. */
  readonly brier: number | null;
  /** 1 − Brier / that of always saying the share of bad cases. */
  readonly brierSkill: number | null;
  readonly givesProbability: boolean;
  /** Plans of simultaneous releases with one bad among them, in which the bad one has the highest score; null without plans. */
  readonly namedFirst: Rate | null;
}

interface Scored {
  readonly outcome: CaseOutcome;
  readonly said: MethodOutcome;
}

/** Members of a plan were released within this time. */
const PLAN_SECONDS = 3600;

/**
 * Figures of one method over cases. Delays are from the labelled onset to the end of the interval that decided.
 * @param name of the method; a case that it said nothing of counts as inconclusive at score 0
 */
export function figuresOf(outcomes: readonly CaseOutcome[], name: string): Figures {
  const all = outcomes.map((outcome) => ({ outcome, said: outcome.methods[name] ?? SILENT }));
  const bad = all.filter(({ outcome }) => outcome.truth.isBad);
  const good = all.filter(({ outcome }) => !outcome.truth.isBad);
  const found = bad.filter(isRollback);
  const wrong = good.filter(isRollback).length;
  const chance = (bad.length / all.length) * (good.length / all.length);
  const brier = finite(
    mean(all.map((one) => (probabilityOf(one.said) - Number(one.outcome.truth.isBad)) ** 2)),
  );
  return {
    bad: bad.length,
    good: good.length,
    precision: finite(found.length / (found.length + wrong)),
    recall: finite(found.length / bad.length),
    f1: finite((2 * found.length) / (found.length + wrong + bad.length)),
    falseRollbacks: rate(wrong, good.length),
    inconclusiveBad: finite(bad.filter(isInconclusive).length / bad.length),
    inconclusiveGood: finite(good.filter(isInconclusive).length / good.length),
    delays: delays(found.map(({ outcome, said }) => minutes(said, outcome.truth.onsetSeconds))),
    visibleDelays: delays(found.map(({ outcome, said }) => minutes(said, outcome.visibleAtSeconds))),
    auc: finite(areaUnderCurve(bad.map(scoreOf), good.map(scoreOf))),
    brier,
    brierSkill: brier === null ? null : finite(1 - brier / chance),
    givesProbability: all.some(({ said }) => said.probability !== undefined),
    namedFirst: namedFirst(all),
  };
}

const SILENT: MethodOutcome = { verdict: 'inconclusive', decidedAtSeconds: null, score: 0 };

/** A share with its 95 % Wilson interval. */
export function rate(hits: number, of: number): Rate {
  const { low, high } = wilsonInterval(hits, of);
  return { hits, of, share: finite(hits / of), low, high };
}

/** What a method says of harm, 0–1; a verdict alone is taken at its word. */
export function probabilityOf({ probability, verdict }: MethodOutcome): number {
  return probability ?? (verdict === 'rollback' ? 1 : 0);
}

function isRollback({ said }: Scored): boolean {
  return said.verdict === 'rollback';
}

function isInconclusive({ said }: Scored): boolean {
  return said.verdict === 'inconclusive';
}

function scoreOf({ said }: Scored): number {
  return said.score;
}

/** @returns NaN where either end is not known */
function minutes({ decidedAtSeconds }: MethodOutcome, from: number | undefined): number {
  return ((decidedAtSeconds ?? NaN) - (from ?? NaN)) / 60;
}

function delays(all: readonly number[]): Delays {
  const known = all.filter((delay) => Number.isFinite(delay));
  const counted = known.filter((delay) => delay >= 0).sort((a, b) => a - b);
  const at = (share: number): number | null => counted[Math.floor(share * counted.length)] ?? null;
  return { count: counted.length, median: at(0.5), ninetieth: at(0.9), early: known.length - counted.length };
}

/** A tie names nobody. */
function namedFirst(all: readonly Scored[]): Rate | null {
  const groups = new Map<string, Scored[]>();
  for (const one of all) {
    const { set, group } = one.outcome.truth;
    const key = `${set}/${group}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const plans = [...groups.values()].filter(isPlan);
  if (plans.length === 0) return null;
  const hits = plans.filter((plan) => {
    const bad = plan.find(({ outcome }) => outcome.truth.isBad)?.said.score ?? NaN;
    return plan.every(({ outcome, said }) => outcome.truth.isBad || said.score < bad);
  });
  return rate(hits.length, plans.length);
}

function isPlan(group: readonly Scored[]): boolean {
  const times = group.map(({ outcome }) => outcome.truth.changeAtSeconds);
  return (
    group.length > 1 &&
    group.filter(({ outcome }) => outcome.truth.isBad).length === 1 &&
    Math.max(...times) - Math.min(...times) <= PLAN_SECONDS
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
