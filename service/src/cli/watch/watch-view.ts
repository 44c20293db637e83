import type { Conclusion } from './conclude.js';
import type { WatchEnd, WatchEvent } from './watch-state.js';

/** One way to show a watch. */
export interface WatchView {
  show(event: WatchEvent): void;
  /** Shows the end and lets go of the terminal. */
  end(end: WatchEnd, conclusion: Conclusion): void;
  /** Lets go of the terminal when the watch cannot go on; why is said elsewhere. */
  abandon(): void;
}
