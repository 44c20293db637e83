import { decodeWindow, windowId } from '../../app/rehearse/decode-window.js';
import type { Remark } from '../../app/rehearse/decode-series.js';
import { WindowError, type RecordedWindow, type WindowId } from '../../app/rehearse/recorded-window.js';
import type { WindowLine } from './window-lines.js';

/** Longest part of the parser's complaint that is repeated: it quotes the line. */
const MOST_COMPLAINT = 160;
/** Numbers that JSON does not know and some programs write. */
const NO_NUMBER = /(?<=[[,:\s])(?:NaN|-?Infinity)(?=[\s,\]}])/g;

/** A line of the input: a window, or what is wrong with it and its id where it has one. */
export type ParsedLine =
  | { readonly kind: 'window'; readonly window: RecordedWindow }
  | { readonly kind: 'faulty'; readonly id: WindowId | null; readonly problem: string };

/** Reads one line of a file of recorded windows. */
export function parseWindow({ text, isTooLong }: WindowLine, remark: Remark): ParsedLine {
  if (isTooLong) return { kind: 'faulty', id: null, problem: 'the line is longer than 256 MiB' };
  let id: WindowId | null = null;
  try {
    const value = parseJson(text, remark);
    id = windowId(value);
    return { kind: 'window', window: decodeWindow(value, remark) };
  } catch (error) {
    if (!(error instanceof WindowError)) throw error;
    return { kind: 'faulty', id, problem: `the window ${error.message}` };
  }
}

function parseJson(text: string, remark: Remark): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const mended = text.replaceAll(NO_NUMBER, 'null');
    if (mended === text) throw notJson(error);
    remark('NaN and Infinity, which JSON does not know, count as missing');
    try {
      return JSON.parse(mended);
    } catch (again) {
      throw notJson(again);
    }
  }
}

function notJson(error: unknown): WindowError {
  const complaint = error instanceof Error ? error.message : String(error);
  return new WindowError(`is not JSON: ${complaint.slice(0, MOST_COMPLAINT)}`);
}
