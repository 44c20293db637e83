const ESC = '\u001b[';
const CLEAR_LINE = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;

/** A part of the terminal that is drawn again in place. */
export interface LiveScreen {
  /** Shows these lines instead of those before; each must fit the terminal's width. */
  draw(lines: readonly string[]): void;
  /** Shows the last lines, which stay, and gives the cursor back. */
  end(lines: readonly string[]): void;
}

/**
 * Draws from where the cursor is. After every frame the cursor goes back to the first line, so that a terminal that was resized and
 * broke the lines anew still begins the next frame at the right place.
 */
export function createLiveScreen(out: (text: string) => void): LiveScreen {
  let isDrawn = false;
  const frame = (lines: readonly string[]): string =>
    lines.map((line) => `\r${line}${CLEAR_LINE}`).join('\n') + CLEAR_BELOW;
  return {
    draw(lines) {
      if (lines.length === 0) return;
      const up = lines.length > 1 ? `${ESC}${lines.length - 1}A` : '';
      out(`${isDrawn ? '' : HIDE_CURSOR}${frame(lines)}${up}\r`);
      isDrawn = true;
    },
    end(lines) {
      out(`${frame(lines)}\n${isDrawn ? SHOW_CURSOR : ''}`);
      isDrawn = false;
    },
  };
}
