export type * from './contract.js';
export { attribute } from './attribution/attribute.js';
export type * from './attribution/attribution-contract.js';
export { seasonExpectation } from './attribution/season-expectation.js';
export { calibrate, summarise } from './calibration/calibrate.js';
export type { Calibration } from './calibration/calibrate.js';
export { historyForPlacebos, neededPlacebos, possiblePlacebos } from './calibration/placebo-reach.js';
export type { PlannedWatch } from './calibration/placebo-reach.js';
export { assessAndExplain } from './explanation/assess-and-explain.js';
export { describeAhead, describeFlip } from './explanation/describe-flip.js';
export { describeForecast } from './explanation/describe-forecast.js';
export type * from './explanation/explanation.js';
export type { Message } from './explanation/message.js';
export { againstText, movementText } from './explanation/movement-text.js';
export type { Movement } from './explanation/movement-text.js';
export { plainSentence } from './explanation/plain-sentence.js';
export type { SentenceFacts } from './explanation/plain-sentence.js';
export type * from './forecast/forecast.js';
export { SHIPPED_MODEL } from './learned/shipped-model.js';
export type { WindowScorer } from './learned/look-window.js';
export type { TuningOutcome } from './learned/tune-on-history.js';
export { ENGINE_VERSION } from './engine-version.js';
export { counterIncreases } from './series/counter-increases.js';
export type { IntervalGrid } from './series/interval-grid.js';
export { quantileLine } from './series/histogram-lines.js';
export { intervalMeans } from './series/interval-means.js';
export { armLines, mapArm } from './series/map-arm.js';
export { distanceFromPeers } from './statistical/distance-from-peers.js';
export { mannWhitney } from './statistical/mann-whitney.js';
export { binomialConfidenceSequence } from './statistical/binomial-confidence-sequence.js';
export { createRandom } from './statistical/random.js';
export { wilsonInterval } from './statistical/wilson-interval.js';
export { assess, INITIAL_CARRIED } from './verdict/assess.js';
export {
  decimalsFor,
  formatDifference,
  formatFixed,
  formatNumber,
  formatPair,
  formatSize,
  formatValue,
  unitScale,
} from './verdict/format-value.js';
export type { DisplayScale } from './verdict/format-value.js';
