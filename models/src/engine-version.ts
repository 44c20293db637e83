/**
 * Version of the judgement; stored with every verdict and in the plan of a rehearsal, whose verdicts of another version are judged anew.
 * It is raised with every change after which the same snapshot and samples may be judged differently:
 * - the third number where numbers change and the method does not: a constant, a tie, a rounding that can reach a verdict;
 * - the second where the method changes: another scorer, forecast, calibration, fusion or rule;
 * - the first where snapshots or evidence of earlier versions can no longer be replayed.
 * Words, speed and what is shown raise nothing.
 */
export const ENGINE_VERSION = '1.3.0';
