import type { CommandIo } from '../command-io.js';

/** A process around a command that only writes down what it is told. For tests. */
export function testIo(isTerminal = false) {
  const stopping = new AbortController();
  const written = { out: '', err: '', exitCode: 0 };
  const io: CommandIo = {
    environment: {},
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    isTerminal,
    columns: 100,
    setExitCode: (code) => void (written.exitCode = code),
    stop: stopping.signal,
  };
  return { io, written, stop: () => stopping.abort() };
}
