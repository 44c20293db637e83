import type { Caller, UseCases } from '../app/use-cases.js';
import type { Deployment } from '../domain/deployment.js';
import type { Hook } from '../domain/hook.js';
import type { Verdict } from '../domain/verdict.js';
import {
  HookError,
  type ChangeEvent,
  type Gate,
  type HookDialect,
  type HookMessage,
} from './change-event.js';
import { followEvent, type Followed } from './follow-event.js';
import { placeOf } from './place-of.js';

/** Names of senders can be long. */
const MOST_TOLD = 500;

/** What one reported event led to. */
export type Received =
  Followed | { readonly outcome: 'unmapped'; readonly reason: string; readonly deployment?: never };

/** An answer to the sender's question. */
export interface GateAnswer {
  readonly open: boolean;
  /** One sentence; tools show it to people. */
  readonly text: string;
}

export interface Reception {
  readonly results: readonly Received[];
  readonly gate?: GateAnswer;
}

export interface ReceiveContext {
  readonly useCases: UseCases;
  readonly caller: Caller;
  readonly clock: () => number;
}

/**
 * Takes in one message: decodes it, finds whose deployments it tells of, and carries out what it reports.
 * @throws HookError when it is not understood, AppError when it can't be carried out
 */
export async function receiveMessage(
  ctx: ReceiveContext,
  hook: Hook,
  dialect: HookDialect,
  message: HookMessage,
): Promise<Reception> {
  const results: Received[] = [];
  let gate: GateAnswer | undefined;
  for (const event of dialect.decode(message)) {
    if (event.kind === 'nothing') {
      results.push({ outcome: 'ignored', reason: event.reason });
      continue;
    }
    const result = await receiveEvent(ctx, hook, event);
    results.push(result);
    if (event.gate !== undefined) gate = await answerGate(ctx, event.gate, result);
  }
  return { results, ...(gate === undefined ? {} : { gate }) };
}

async function receiveEvent(
  { useCases, caller, clock }: ReceiveContext,
  hook: Hook,
  event: ChangeEvent,
): Promise<Received> {
  const mapped = placeOf(hook.rules, event.subject);
  if (mapped.kind === 'ignored') return { outcome: 'ignored', reason: 'a rule leaves it out' };
  if (mapped.kind === 'unmapped') {
    const reason = `${mapped.reason.slice(0, MOST_TOLD)}; add one to the rules of the hook "${hook.name}"`;
    // Who asks whether to go on is told that nobody watches; everybody else has said all there is.
    if (event.gate !== undefined) throw new HookError(reason);
    return { outcome: 'unmapped', reason };
  }
  const { rule, service, environment } = mapped;
  const project = rule.project ?? (caller.project === '*' ? 'default' : caller.project);
  const place = { project, service, environment };
  return followEvent({ useCases, caller, clock, reporter: hook.name, place, rule }, event);
}

async function answerGate(
  { useCases, caller }: ReceiveContext,
  gate: Gate,
  { deployment, reason }: Received,
): Promise<GateAnswer> {
  if (deployment === undefined)
    return { open: false, text: `Bellwether watches no such deployment: ${reason ?? 'it never began'}` };
  const verdict = await useCases.currentVerdict(caller, deployment.id);
  return { open: isOpen(gate, verdict.value), text: sentence(deployment, verdict) };
}

function isOpen(gate: Gate, value: Verdict['value']): boolean {
  if (gate === 'when-continue') return value === 'continue';
  return (value === 'rollback') === (gate === 'when-rollback');
}

function sentence({ service, version, id }: Deployment, { value, reasons }: Verdict): string {
  const why = reasons[0]?.text;
  return `Bellwether on ${service} ${version}: ${value}${why === undefined ? '' : `: ${why}`} (deployment ${id})`;
}
