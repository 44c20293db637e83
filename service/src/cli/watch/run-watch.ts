import { InvalidArgumentError, Option, type Command } from 'commander';
import { duration } from '../../api/duration.js';
import type { ApiClient } from '../api-client.js';
import type { CommandIo } from '../command-io.js';
import { deploymentsApi } from '../deployments-api.js';
import type { ServerOptions } from '../server-place.js';
import { conclude, type FailureRule } from './conclude.js';
import { followDeployment } from './follow-deployment.js';
import { createJsonView } from './json-view.js';
import { createLineView } from './line-view.js';
import { createTerminalView } from './terminal-view.js';
import type { WatchView } from './watch-view.js';

export interface WatchOptions extends ServerOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly respectFailurePolicy?: boolean;
  readonly onOutage?: FailureRule;
  readonly plain?: boolean;
  readonly tail?: boolean;
}

const RULES: readonly FailureRule[] = ['fail-open', 'fail-closed'];
/** A service that is being restarted is back within this. */
const FIRST_CONTACT_MS = 30_000;

/** Adds the options of a command that watches. */
export function addWatchOptions(command: Command): Command {
  const option = (flags: string, text: string): Option => new Option(flags, text).helpGroup('Watching:');
  return command
    .addOption(
      option(
        '--timeout <duration>',
        'give up after this long, such as 30m or 2h (default: ten minutes after the planned end of the watch and the timeouts of its required checks, never while it is held or waits for checks)',
      ).argParser(durationMs),
    )
    .addOption(
      option(
        '--respect-failure-policy',
        'exit with 0 where the policy says fail-open for a verdict that is pending, inconclusive or, in an outage, not known',
      ),
    )
    .addOption(
      option(
        '--on-outage <rule>',
        'with --respect-failure-policy: what an outage means when not even the policy could be read',
      )
        .choices(RULES)
        .default('fail-closed'),
    )
    .addOption(
      option(
        '--tail',
        'after an early "continue" go on to the planned end of the watch, which can still say "rollback"',
      ),
    )
    .addOption(option('--plain', 'plain lines, also in a terminal'));
}

/** @throws InvalidArgumentError */
function durationMs(text: string): number {
  const parsed = duration.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('Write it with its unit, such as 90s, 30m or 2h.');
}

/** Watches a deployment until its verdict is final and sets the exit code. @throws ApiError */
export async function runWatch(
  io: CommandIo,
  client: ApiClient,
  id: string,
  options: WatchOptions,
): Promise<void> {
  const view = viewFor(io, client, id, options);
  const end = await followDeployment(deploymentsApi(client), id, {
    ...(options.timeout === undefined ? {} : { deadlineMs: Date.now() + options.timeout }),
    firstContactMs: FIRST_CONTACT_MS,
    tail: options.tail === true,
    clock: Date.now,
    stop: io.stop,
    tell: (event) => view.show(event),
  }).catch((error: unknown) => {
    view.abandon();
    throw error;
  });
  const conclusion = conclude(end, {
    respectFailurePolicy: options.respectFailurePolicy === true,
    onOutage: options.onOutage ?? 'fail-closed',
  });
  view.end(end, conclusion);
  io.setExitCode(conclusion.exitCode);
}

function viewFor(io: CommandIo, client: ApiClient, id: string, options: WatchOptions): WatchView {
  const place = { id, baseUrl: client.baseUrl, clock: Date.now };
  if (options.json === true) return createJsonView(io);
  const isLive = io.isTerminal && options.plain !== true && io.environment['TERM'] !== 'dumb';
  return isLive ? createTerminalView(io, place) : createLineView(io, place);
}
