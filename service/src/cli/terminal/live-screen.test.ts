import { describe, expect, it } from 'vitest';
import { createLiveScreen } from './live-screen.js';

const ESC = '\u001b';
const TOKEN = new RegExp(`${ESC}\\[\\??\\d*[A-Za-z]|[^${ESC}]`, 'gu');

/** What a terminal shows after these bytes; it knows as much of one as the screen uses. */
function shown(bytes: string): { readonly lines: readonly string[]; readonly row: number } {
  const lines: string[] = [''];
  let [row, column] = [0, 0];
  for (const [token] of bytes.matchAll(TOKEN)) {
    const line = lines[row] ?? '';
    if (token === '\r') column = 0;
    else if (token === '\n') row += 1;
    else if (token === '\u001b[K') lines[row] = line.slice(0, column);
    else if (token === '\u001b[J') lines.length = row + 1;
    else if (token.endsWith('A')) row -= Number.parseInt(token.slice(2), 10);
    else if (!token.startsWith('\u001b')) {
      lines[row] = line.slice(0, column) + token + line.slice(column + 1);
      column += 1;
    }
    lines[row] ??= '';
  }
  return { lines, row };
}

describe('the live screen', () => {
  it('draws over its last frame, also when that was higher, and leaves the last one standing', () => {
    let bytes = '$ watch\r\n';
    const screen = createLiveScreen((text) => (bytes += text));
    screen.draw(['one', 'two', 'three']);
    expect(shown(bytes)).toEqual({ lines: ['$ watch', 'one', 'two', 'three'], row: 1 });
    screen.draw(['1']);
    expect(shown(bytes)).toEqual({ lines: ['$ watch', '1'], row: 1 });
    screen.draw(['a', 'b']);
    screen.end(['done', 'summary']);
    expect(shown(bytes)).toEqual({ lines: ['$ watch', 'done', 'summary', ''], row: 3 });
    expect(bytes.indexOf('\u001b[?25l')).toBeLessThan(bytes.indexOf('\u001b[?25h'));
  });
});
