import type { CommandIo } from '../command-io.js';
import type { Conclusion } from './conclude.js';
import type { WatchEnd, WatchEvent, WatchState } from './watch-state.js';
import type { WatchView } from './watch-view.js';

/**
 * One JSON object a line, each with its `type`: `verdict` (whenever there is a new one), `progress` (after each look), `lost`, `back`,
 * and last `end` with the exit code.
 */
export function createJsonView(io: CommandIo): WatchView {
  const line = (data: object): void => io.out(`${JSON.stringify(data)}\n`);
  let shownLook = '';
  const showState = (state: WatchState, isNewVerdict: boolean): void => {
    const look = `${state.progress.watch?.id ?? ''}/${state.progress.watch?.lastLook ?? 0}`;
    if (look !== shownLook) line({ type: 'progress', progress: state.progress });
    if (isNewVerdict) line({ type: 'verdict', verdict: state.verdict });
    shownLook = look;
  };
  return {
    show(event: WatchEvent) {
      if (event.kind === 'state') showState(event.state, event.isNewVerdict);
      else if (event.kind === 'lost')
        line({ type: 'lost', reason: event.lost.reason, at: new Date(event.lost.sinceMs).toISOString() });
      else line({ type: 'back', afterMs: event.afterMs });
    },
    abandon: () => undefined,
    end(end: WatchEnd, conclusion: Conclusion) {
      const state = 'state' in end ? end.state : undefined;
      const verdict =
        state === undefined ? {} : { deploymentId: state.deployment.id, verdict: state.verdict.verdict };
      line({ type: 'end', end: end.kind, ...verdict, ...conclusion });
    },
  };
}
