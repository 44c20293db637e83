/** One judged case: how strong the evidence was, and whether it was bad. */
export interface EvidencePoint {
  /** Decades of evidence, as `evidenceDecades` gives them. */
  readonly decades: number;
  readonly isBad: boolean;
}

/** Logistic line in decades of evidence, on top of prior log odds. */
export interface LogisticCurve {
  readonly intercept: number;
  readonly slope: number;
}

const NEWTON_STEPS = 50;
/** Keeps the curvature invertible where every case is told apart. */
const SMALLEST_CURVATURE = 1e-9;
/** A slope that grows without bound, as on cases that are told apart completely, ends here. */
const STEEPEST = 50;

/** @param priorLogOdds log odds of a bad case before looking */
export function curveProbability(
  { intercept, slope }: LogisticCurve,
  priorLogOdds: number,
  decades: number,
): number {
  return 1 / (1 + Math.exp(-(intercept + priorLogOdds + slope * decades)));
}

/**
 * Maximum likelihood of the curve by Newton's method: deterministic, no seed.
 *
 * @param priorLogOdds log odds of the sample's base rate
 */
export function fitLogisticCurve(points: readonly EvidencePoint[], priorLogOdds: number): LogisticCurve {
  let curve: LogisticCurve = { intercept: 0, slope: 1 };
  for (let step = 0; step < NEWTON_STEPS; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, SMALLEST_CURVATURE, 0, SMALLEST_CURVATURE];
    for (const { decades, isBad } of points) {
      const p = curveProbability(curve, priorLogOdds, decades);
      const error = (isBad ? 1 : 0) - p;
      const weight = p * (1 - p);
      g0 += error;
      g1 += error * decades;
      h00 += weight;
      h01 += weight * decades;
      h11 += weight * decades * decades;
    }
    const determinant = h00 * h11 - h01 * h01;
    const next = {
      intercept: curve.intercept + (h11 * g0 - h01 * g1) / determinant,
      slope: curve.slope + (h00 * g1 - h01 * g0) / determinant,
    };
    if (!Number.isFinite(next.intercept) || !(Math.abs(next.slope) <= STEEPEST)) return curve;
    curve = next;
  }
  return curve;
}
