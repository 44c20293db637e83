/** Rises whenever the same snapshot and samples may be judged differently; stored with every verdict. */
export const ENGINE_VERSION = '1.0.0';
