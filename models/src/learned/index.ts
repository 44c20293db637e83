/** The learned scorer: a face of its own, so that only who asks for it loads the tensor library. */
export { BACKENDS, type Backend } from './backend.js';
export { compareOnPlacebos, type Comparison } from './compare-on-placebos.js';
export { fineTune, type FineTunePlan, type FineTuneReport } from './fine-tune.js';
export { type LearnedScorer, loadLearnedScorer } from './learned-scorer.js';
export { occlusion, type Occluded } from './occlusion.js';
export { tuneOnHistory, type TuningOutcome } from './tune-on-history.js';
export type { QuietSeries } from './quiet-window.js';
export { windowInput, writeWindowInput } from './window-input.js';
export type { WindowRequest } from './window-lines.js';
export { INPUT_SIZE } from './window-shape.js';
