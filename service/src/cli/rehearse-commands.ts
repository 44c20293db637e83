import { availableParallelism } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import { SHIPPED_MODEL } from '@bellwether/models';
import { duration } from '../api/duration.js';
import type { RehearsalPlan } from '../app/rehearse/rehearsal-plan.js';
import { createWorkerEngine } from '../engine/worker-engine.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { withExamples } from './examples.js';
import { EXIT } from './exit-codes.js';
import { printResult, printsResult, type PrintOptions } from './print-result.js';
import { readPolicies } from './rehearse/read-policies.js';
import { rehearseFile } from './rehearse/rehearse-file.js';
import { summaryText } from './rehearse/rehearsal-summary.js';
import { wholeNumber } from './whole-number.js';

interface RehearseOptions extends PrintOptions {
  readonly cases: string;
  readonly out: string;
  readonly policy?: string;
  readonly alpha?: number;
  readonly watch?: number;
  readonly interval?: number;
  readonly workers: number;
  readonly learned?: boolean;
  readonly resume?: boolean;
}

/** A window may take minutes where it holds hundreds of metrics; a thread that takes this long will never answer. */
const LIMIT_MS = { calibrate: 1_800_000, assess: 300_000, attribute: 300_000 };
const MOST_WORKERS = 256;

/** `rehearse`: recorded windows through the engine. */
export function addRehearseCommand(program: Command, io: CommandIo): void {
  withExamples(
    printsResult(
      program
        .command('rehearse')
        .description('judge recorded deployment windows look by look, as if live; see docs/rehearse.md')
        .requiredOption('--cases <file>', 'recorded windows, one JSON object a line, plain or gzip')
        .requiredOption('--out <file>', 'file for the verdicts, one a line in the order of the windows')
        .option(
          '--policy <path>',
          'policy file or folder to judge by (default: every metric as one that nobody described)',
        )
        .option('--alpha <share>', 'tolerated probability of a false rollback in each window', alphaOption)
        .option(
          '--watch <duration>',
          'longest watch, such as 30m (default: that of the policy, else 60 intervals)',
          durationOption,
        )
        .option(
          '--interval <duration>',
          'width of an interval (default: that of the policy, else of the recording)',
          durationOption,
        )
        .option('--learned', 'ask the learned scorer, too; see docs/learned.md')
        .option('--workers <count>', 'windows judged at the same time', workersOption, availableParallelism())
        .option('--resume', 'go on with the verdicts that the file holds already'),
    ),
    'bellwether rehearse --cases windows.jsonl.gz --out verdicts.jsonl',
    'bellwether rehearse --cases windows.jsonl --out verdicts.jsonl --policy policy.yaml --watch 30m',
    'bellwether rehearse --cases windows.jsonl.gz --out verdicts.jsonl --resume',
  ).action(async (options: RehearseOptions) => rehearse(options, io));
}

async function rehearse(options: RehearseOptions, io: CommandIo): Promise<void> {
  const summary = await rehearseFile(
    {
      cases: options.cases,
      out: options.out,
      plan: planOf(options),
      policyOf: readPolicies(options.policy, io),
      workers: options.workers,
      isResumed: options.resume === true,
      createEngine: () => createWorkerEngine(1, () => undefined, { limitMs: LIMIT_MS }),
    },
    io,
  ).catch((error: unknown) => {
    throw asCommandError(error);
  });
  printResult(io, options, { text: summaryText(summary, options.out), data: summary });
  if (io.stop.aborted) {
    io.err('Stopped before the end; --resume goes on from here.\n');
    io.setExitCode(EXIT.ended);
  } else if (summary.errors > 0) io.setExitCode(EXIT.error);
}

function planOf({ alpha, watch, interval, learned }: RehearseOptions): RehearsalPlan {
  return {
    ...(alpha === undefined ? {} : { alpha }),
    ...(watch === undefined ? {} : { watchMs: watch }),
    ...(interval === undefined ? {} : { intervalMs: interval }),
    ...(learned === true ? { learned: SHIPPED_MODEL } : {}),
  };
}

/** Problems of files are told by their message; the rest is a bug and keeps its stack. */
function asCommandError(error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isOfSystem ? new CommandError(error.message) : error;
}

function alphaOption(text: string): number {
  const alpha = Number(text);
  if (alpha > 0 && alpha <= 0.5) return alpha;
  throw new InvalidArgumentError('Give a number above 0 and at most 0.5.');
}

function durationOption(text: string): number {
  const parsed = duration.safeParse(text);
  if (parsed.success && parsed.data > 0) return parsed.data;
  throw new InvalidArgumentError('Write it as "30s", "5m", "2h" or "7d".');
}

function workersOption(text: string): number {
  const workers = wholeNumber(text);
  if (workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new InvalidArgumentError(`Give 1 to ${MOST_WORKERS}.`);
}
