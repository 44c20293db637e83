import { wilsonInterval } from '@bellwether/models';
import { labelOf, measuredVerdict, type JudgedRelease } from '../../domain/judged-release.js';

const LEVEL = 0.95;
const BINS = 5;

/** A share of so many, with its Wilson interval. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** Absent of none. */
  readonly rate?: number;
  readonly low: number;
  readonly high: number;
}

/** Releases of which Bellwether said that harm is about so probable, and how many of them did harm. */
export interface ReliabilityBin {
  /** `harmProbability` in [from, to), the last one with its end. */
  readonly from: number;
  readonly to: number;
  /** Mean of what was said; absent in an empty bin. */
  readonly said?: number;
  /** Those that did harm. */
  readonly was: Share;
}

/**
 * What people's feedback makes of a service's verdicts. People speak of rollbacks more often than of releases that went well, so the
 * share of false rollbacks among labelled releases tends to be too high; checks on quiet moments have no such bias.
 */
export interface LabelledHistory {
  readonly releases: number;
  readonly labelled: number;
  readonly harmful: number;
  /** Rolled back among the labelled releases that did no harm. */
  readonly falseRollbacks: Share;
  /** Continued among the labelled releases that did harm. */
  readonly missedHarm: Share;
  /** Mean squared distance of `harmProbability` from what happened, 0–1; absent without labels. */
  readonly brier?: number;
  /** 1 − Brier / that of always saying the base rate; absent while only one thing ever happened. */
  readonly brierSkill?: number;
  readonly bins: readonly ReliabilityBin[];
  /** Coverage of the intervals. */
  readonly level: number;
}

interface Point {
  readonly said: number;
  readonly isHarmful: boolean;
  readonly isRollback: boolean;
}

/** @param releases of one place */
export function labelledHistory(releases: readonly JudgedRelease[]): LabelledHistory {
  const labels = releases.flatMap((release) => labelOf(release) ?? []);
  const points = releases.flatMap(pointOf);
  const harmful = points.filter(({ isHarmful }) => isHarmful);
  const harmless = points.filter(({ isHarmful }) => !isHarmful);
  return {
    releases: releases.length,
    labelled: labels.length,
    harmful: labels.filter(({ truth }) => truth === 'harmful').length,
    falseRollbacks: shareOf(harmless, ({ isRollback }) => isRollback),
    missedHarm: shareOf(harmful, ({ isRollback }) => !isRollback),
    ...scores(points, harmful.length / Math.max(1, points.length)),
    bins: Array.from({ length: BINS }, (_, index) => binOf(points, index)),
    level: LEVEL,
  };
}

/** A release with a label and a verdict of its looks; what was ended without one is neither. */
function pointOf(release: JudgedRelease): readonly Point[] {
  const label = labelOf(release);
  const verdict = measuredVerdict(release);
  if (label === undefined || verdict === undefined) return [];
  const { harmProbability: said, value } = verdict;
  return [{ said, isHarmful: label.truth === 'harmful', isRollback: value === 'rollback' }];
}

function shareOf(points: readonly Point[], counts: (point: Point) => boolean): Share {
  const [count, of] = [points.filter(counts).length, points.length];
  return { count, of, ...(of === 0 ? {} : { rate: count / of }), ...wilsonInterval(count, of, LEVEL) };
}

function scores(points: readonly Point[], base: number): Pick<LabelledHistory, 'brier' | 'brierSkill'> {
  if (points.length === 0) return {};
  const squares = points.map(({ said, isHarmful }) => (said - (isHarmful ? 1 : 0)) ** 2);
  const brier = squares.reduce((sum, square) => sum + square, 0) / points.length;
  const reference = base * (1 - base);
  return reference === 0 ? { brier } : { brier, brierSkill: 1 - brier / reference };
}

function binOf(points: readonly Point[], index: number): ReliabilityBin {
  const inside = points.filter(({ said }) => Math.min(BINS - 1, Math.floor(said * BINS)) === index);
  const mean = inside.reduce((sum, { said }) => sum + said, 0) / Math.max(1, inside.length);
  return {
    from: index / BINS,
    to: (index + 1) / BINS,
    ...(inside.length === 0 ? {} : { said: mean }),
    was: shareOf(inside, ({ isHarmful }) => isHarmful),
  };
}
