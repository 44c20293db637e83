import type { Arm } from '../contract.js';

/** Every line of an arm (values; events and totals; one a bucket), in that order, all of one length. */
export function armLines(arm: Arm): readonly Float64Array[] {
  switch (arm.shape) {
    case 'gauge':
      return [arm.values];
    case 'ratio':
      return [arm.events, arm.totals];
    case 'histogram':
      return arm.counts;
  }
}

/** An arm of the same shape with every line changed alike: cut, blanked, copied. */
export function mapArm(arm: Arm, change: (line: Float64Array) => Float64Array): Arm {
  switch (arm.shape) {
    case 'gauge':
      return { shape: 'gauge', values: change(arm.values) };
    case 'ratio':
      return { shape: 'ratio', events: change(arm.events), totals: change(arm.totals) };
    case 'histogram':
      return { ...arm, counts: arm.counts.map(change) };
  }
}
