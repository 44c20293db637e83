import type { Transitions } from './state-machine.js';
import type { WatchState } from './watch.js';

export type WatchEvent = 'decide' | 'supersede' | 'cancel';

/** A watch ends once. What comes after an early `continue` is a new watch (`late-regression`). */
export const watchTransitions: Transitions<WatchState, WatchEvent> = {
  watching: { decide: 'decided', supersede: 'superseded', cancel: 'cancelled' },
  decided: {},
  superseded: {},
  cancelled: {},
};
