/** What is asked of a before and an after sample, without regard to their order in time. */
const SAMPLE_FEATURES = [
  'median-shift',
  'mean-shift',
  'standardised-shift',
  'dominance',
  'spread-ratio',
  'deviation-ratio',
  'upper-tail',
  'lower-tail',
  'energy-distance',
  'exceedances',
  'highest',
  'third-highest',
] as const;

/** What is asked of the after sample's course in time. */
const COURSE_FEATURES = [
  'slope',
  'late-against-early',
  'latest',
  'suffix-scan',
  'segment-scan',
  'swing-scan',
  'autocorrelation-change',
  'roughness-ratio',
  'longest-run',
] as const;

const CONTEXT_FEATURES = [
  'reference-median-shift',
  'reference-dominance',
  'reference-deviation-ratio',
  'share-outside',
  'reference-spread-ratio',
  'references',
  'seen-steps',
  'missing-after',
  'missing-before',
  'relative-shift',
  'flatness-after',
] as const;

/** Names of the statistical features, in the order in which they follow the lines of an input. */
export const FEATURE_NAMES: readonly string[] = [
  ...SAMPLE_FEATURES.map((name) => `today:${name}`),
  ...SAMPLE_FEATURES.map((name) => `residual:${name}`),
  ...COURSE_FEATURES.map((name) => `residual:${name}`),
  ...COURSE_FEATURES.map((name) => `outside:${name}`),
  ...CONTEXT_FEATURES,
];
