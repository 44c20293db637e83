import type { Remark } from '../../app/rehearse/decode-series.js';
import { prepareWindow } from '../../app/rehearse/prepare-window.js';
import { WindowError, type RecordedWindow, type WindowId } from '../../app/rehearse/recorded-window.js';
import type { RehearsalPlan } from '../../app/rehearse/rehearsal-plan.js';
import { rehearseWindow } from '../../app/rehearse/rehearse-window.js';
import {
  unjudgedLine,
  verdictLine,
  type ErrorLine,
  type VerdictLine,
} from '../../app/rehearse/verdict-line.js';
import { CommandError } from '../command-error.js';
import type { EngineLanes } from './engine-lanes.js';
import { parseWindow } from './parse-window.js';
import type { PolicyOf } from './read-policies.js';
import { idKey, type Finished } from './verdict-file.js';
import type { WindowLine } from './window-lines.js';

/** What is written for a line of the input. */
export type Judged = VerdictLine | ErrorLine;

export interface JudgeOptions {
  readonly lanes: EngineLanes;
  readonly plan: RehearsalPlan;
  readonly policyOf: PolicyOf;
  readonly finished: Finished;
  readonly remark: Remark;
}

/**
 * Judges windows line by line; what is wrong with one of them ends in its own line and stops no other.
 * @returns a judge that gives undefined for what an earlier run judged
 */
export function createLineJudge({ lanes, plan, policyOf, finished, remark }: JudgeOptions) {
  /** Input line of every id so far. */
  const firstLines = new Map<string, number>();

  const judgeWindow = async (key: string, window: RecordedWindow): Promise<VerdictLine> => {
    const policy = policyOf(window);
    const prepared = prepareWindow(window, policy === undefined ? plan : { ...plan, policy });
    if ('reason' in prepared) return unjudgedLine(window.id, prepared);
    const rehearsal = await lanes.lend((engine) => rehearseWindow(engine, key, prepared));
    return verdictLine(window.id, rehearsal, prepared.snapshot);
  };

  return (line: WindowLine): Promise<Judged> | undefined => {
    const fault = (id: WindowId | null, problem: string): ErrorLine => ({
      id,
      line: line.number,
      verdict: 'inconclusive',
      error: `line ${line.number}: ${problem}`,
    });
    if (finished.faultyLines.has(line.number)) return undefined;
    const parsed = parseWindow(line, (text) => remark(`line ${line.number}: ${text}`));
    if (parsed.kind === 'faulty') return Promise.resolve(fault(parsed.id, parsed.problem));
    const { window } = parsed;
    const key = idKey(window.id);
    const first = firstLines.get(key);
    // The id stays out of the line: a reader that goes by ids would lose the verdict of the first window.
    if (first !== undefined)
      return Promise.resolve(
        fault(null, `the id ${key} was already used in line ${first}; give each window its own`),
      );
    firstLines.set(key, line.number);
    if (finished.ids.has(key)) return undefined;
    return judgeWindow(key, window).catch((error: unknown) => fault(window.id, problemOf(error)));
  };
}

function problemOf(error: unknown): string {
  if (error instanceof WindowError) return `the window ${error.message}`;
  if (error instanceof CommandError) return error.message;
  return `the engine failed: ${error instanceof Error ? error.message : String(error)}`;
}
