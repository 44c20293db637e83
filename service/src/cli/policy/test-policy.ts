import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkerEngine } from '../../engine/worker-engine.js';
import type { Policy } from '../../domain/policy.js';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { samePolicy } from '../rehearse/read-policies.js';
import { rehearseFile } from '../rehearse/rehearse-file.js';
import { windowLines } from '../rehearse/window-lines.js';

export const VERDICTS = ['continue', 'rollback', 'inconclusive'] as const;
type Value = (typeof VERDICTS)[number];

/** What a policy says of one recorded window. */
export interface TestedWindow {
  readonly id: string;
  readonly verdict: Value;
  /** What the window says that it should be; absent where it says nothing. */
  readonly expected?: Value;
  readonly reason: string;
  readonly looks?: number;
}

/** Longest that one calibration and one look may take. */
const LIMIT_MS = { calibrate: 600_000, assess: 60_000, attribute: 60_000 };

/**
 * Judges recorded windows by a policy, in the order of the file.
 * @throws CommandError when the windows cannot be read
 */
export async function testPolicy(
  policy: Policy,
  cases: string,
  workers: number,
  io: CommandIo,
): Promise<readonly TestedWindow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-policy-test-'));
  const out = join(folder, 'verdicts.jsonl');
  try {
    const expected = await expectations(cases);
    await rehearseFile(
      {
        cases,
        out,
        plan: {},
        policyOf: samePolicy(policy),
        workers,
        isResumed: false,
        createEngine: () => createWorkerEngine(1, () => undefined, { limitMs: LIMIT_MS }),
      },
      { ...io, err: () => undefined },
    );
    return readFileSync(out, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line, index) => tested(line, expected[index]));
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new CommandError(error.message);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Line {
  readonly id: string | number | null;
  readonly verdict: Value;
  readonly looks?: number;
  readonly reasons?: readonly { readonly text: string }[];
  readonly error?: string;
}

function tested(text: string, expected: Value | undefined): TestedWindow {
  const { id, verdict, looks, reasons, error } = JSON.parse(text) as Line;
  return {
    id: String(id ?? '?'),
    verdict,
    ...(expected === undefined ? {} : { expected }),
    ...(looks === undefined ? {} : { looks }),
    reason: error ?? reasons?.[0]?.text ?? '',
  };
}

/** `expect` of each window; the rest of it is the rehearsal's business. @throws CommandError when it is no verdict */
async function expectations(cases: string): Promise<readonly (Value | undefined)[]> {
  const found: (Value | undefined)[] = [];
  for await (const { text, number: line } of windowLines(cases, () => undefined)) {
    if (text.trim() === '') continue;
    const said = expectOf(text);
    const expected = VERDICTS.find((verdict) => said === verdict);
    if (said !== undefined && expected === undefined)
      throw new CommandError(
        `${cases}:${line}: expect: ${JSON.stringify(said)} is no verdict; use one of ${VERDICTS.join(', ')}, or leave it out`,
      );
    found.push(expected);
  }
  return found;
}

function expectOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly expect?: unknown } | null)?.expect;
  } catch {
    return undefined;
  }
}
