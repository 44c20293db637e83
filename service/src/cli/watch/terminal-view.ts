import type { CommandIo } from '../command-io.js';
import { createLiveScreen } from '../terminal/live-screen.js';
import { createPaint } from '../terminal/paint.js';
import { plain } from '../terminal/plain-text.js';
import { wrap } from '../terminal/text-width.js';
import type { Conclusion } from './conclude.js';
import { clockTime } from './numbers.js';
import { summaryLines } from './summary.js';
import { watchFrame, type FramePlace } from './watch-frame.js';
import type { Lost, WatchEnd, WatchEvent, WatchState } from './watch-state.js';
import type { WatchView } from './watch-view.js';

/** Clocks in the view go on between looks, and a resized terminal gets its new frame. */
const REDRAW_MS = 1_000;

/** The live view of a terminal, drawn in place; the last frame and the summary stay. */
export function createTerminalView(
  io: CommandIo,
  place: { readonly id: string; readonly baseUrl: string; readonly clock: () => number },
): WatchView {
  const screen = createLiveScreen((text) => io.out(text));
  const paint = createPaint(io.environment);
  let state: WatchState | undefined;
  let lost: Lost | undefined;
  const framePlace = (): FramePlace => ({ columns: io.columns, nowMs: place.clock(), paint });
  const draw = (): void => {
    const sized = { ...framePlace(), ...(io.rows === undefined ? {} : { rows: io.rows }) };
    screen.draw(state === undefined ? waiting(lost, sized) : watchFrame(state, lost, sized));
  };
  const timer = setInterval(draw, REDRAW_MS);
  draw();
  return {
    show(event: WatchEvent) {
      if (event.kind === 'state') state = event.state;
      lost = event.kind === 'lost' ? event.lost : undefined;
      draw();
    },
    abandon() {
      clearInterval(timer);
      screen.end([]);
    },
    end(end: WatchEnd, conclusion: Conclusion) {
      clearInterval(timer);
      const frame = state === undefined ? [] : [...watchFrame(state, undefined, framePlace()), ''];
      const width = Math.max(1, io.columns - 2);
      const said = summaryLines(end, conclusion, place.id, place.baseUrl);
      screen.end([...frame, ...said.flatMap((line) => wrap(plain(line), width)).map((line) => ` ${line}`)]);
    },
  };
}

function waiting(lost: Lost | undefined, { columns, nowMs }: FramePlace): readonly string[] {
  const text =
    lost === undefined
      ? 'asking the service …'
      : `no answer for ${clockTime(nowMs - lost.sinceMs)}; trying again (${lost.reason.split('\n')[0] ?? ''})`;
  return wrap(plain(text), Math.max(1, columns - 2)).map((line) => ` ${line}`);
}
