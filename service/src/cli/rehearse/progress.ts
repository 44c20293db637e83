import { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';
import type { CommandIo } from '../command-io.js';
import { count } from './rehearsal-summary.js';

/** Shows how far a run has come. */
export interface Progress {
  /** @param readBytes of the input file so far */
  update(readBytes: number, judged: number, errors: number): void;
  /** A line that stays. */
  tell(text: string): void;
  end(): void;
}

const LINE_EVERY_MS = 5_000;
const SAVE_CURSOR = '\u001b7';
const RESTORE_CURSOR = '\u001b8';

/**
 * A bar on a terminal, and a line every five seconds anywhere else.
 * @param totalBytes length of the input file; 0 where it has none, as for a pipe
 * @param nowMs a clock that never goes back
 */
export function startProgress(io: CommandIo, totalBytes: number, nowMs: () => number): Progress {
  return io.isTerminal && totalBytes > 0 ? barOf(io, totalBytes) : linesOf(io, totalBytes, nowMs);
}

function barOf(io: CommandIo, totalBytes: number): Progress {
  const bar = new SingleBar(
    {
      format: ' {bar} {percentage} % · {judged}{errors} · {eta_formatted} to go',
      stream: terminalOf(io),
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(totalBytes, 0, { judged: count(0, 'window'), errors: '' });
  let shown = true;
  return {
    update(readBytes, judged, errors) {
      if (shown) bar.update(readBytes, { judged: count(judged, 'window'), errors: errorsText(errors) });
    },
    tell(text) {
      io.err(`\r\u001b[2K${text}\n`);
    },
    end() {
      shown = false;
      bar.stop();
    },
  };
}

/** The bar writes where the command writes, so that a test sees it. */
function terminalOf(io: CommandIo): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      // The bar would end where it began, which lines told meanwhile have moved.
      io.err(chunk.replaceAll(SAVE_CURSOR, '').replaceAll(RESTORE_CURSOR, ''));
      done();
    },
  });
  return Object.assign(stream, { isTTY: true, columns: io.columns }) as unknown as NodeJS.WriteStream;
}

function linesOf(io: CommandIo, totalBytes: number, nowMs: () => number): Progress {
  const startedMs = nowMs();
  let toldMs = startedMs;
  return {
    update(readBytes, judged, errors) {
      if (nowMs() - toldMs < LINE_EVERY_MS) return;
      toldMs = nowMs();
      const share =
        totalBytes > 0 ? `, ${Math.floor((100 * readBytes) / totalBytes)} % of the file read` : '';
      const rate = (1000 * judged) / (toldMs - startedMs);
      io.err(`${count(judged, 'window')}${share}, ${rate.toFixed(1)} a second${errorsText(errors)}\n`);
    },
    tell: (text) => io.err(`${text}\n`),
    end: () => undefined,
  };
}

function errorsText(errors: number): string {
  return errors === 0 ? '' : ` · ${count(errors, 'error')}`;
}
