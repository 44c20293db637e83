import type { Deployment } from '../../domain/deployment.js';
import { gate, type Gated, type GateInputs } from '../../domain/gate.js';
import { next } from '../../domain/state-machine.js';
import { priorFor } from '../../domain/tuning.js';
import type { Verdict, Withheld } from '../../domain/verdict.js';
import { watchTransitions } from '../../domain/watch-machine.js';
import type { Watch } from '../../domain/watch.js';
import type { Transaction } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { unjudged, type NewVerdict } from '../write-verdict.js';
import { gateFacts, gateInputs } from './gate-inputs.js';
import { releaseRollback } from './release-rollback.js';
import { writeDecision, type Decision } from './write-decision.js';

/** What the metrics say so far: nothing while looks are to come, the withheld judgement after the last one. */
type Word = Withheld | { readonly value: 'pending'; readonly rule: 'watching' };

const WATCHING: Word = { value: 'pending', rule: 'watching' };

/** A deployment as it stands at the gate. */
interface Stand {
  readonly deployment: Deployment;
  /** The watch that runs, a tail included. */
  readonly watch?: Watch;
  readonly latest?: Verdict;
  readonly word: Word;
  readonly inputs: GateInputs;
}

/**
 * Brings the verdict up to date after a check was reported, a hold was set or lifted, or a timeout came; between looks it decides only
 * what needs no metric. Runs in the transaction that changed it.
 * @returns the verdict when it changed
 */
export async function settleGate(
  ctx: AppContext,
  tx: Transaction,
  deploymentId: string,
): Promise<Decision | undefined> {
  const released = await releaseRollback(ctx, tx, deploymentId);
  if (released !== undefined) return released;
  const stand = await standOf(ctx, tx, deploymentId);
  if (stand === undefined) return undefined;
  const gated = gate(stand.word.value, stand.inputs);
  const content = contentOf(ctx, stand, gated);
  if (content === undefined || !differs(stand.latest, content)) return undefined;
  if (stand.watch !== undefined && ends(stand.watch, content)) await close(ctx, tx, stand.watch);
  return writeDecision(ctx, tx, stand.deployment, content);
}

async function standOf(ctx: AppContext, tx: Transaction, id: string): Promise<Stand | undefined> {
  const deployment = await tx.deployment(id);
  if (deployment?.state !== 'running' && deployment?.state !== 'finished') return undefined;
  const watches = await tx.watches({ deploymentId: id });
  const watch = watches.findLast((one) => one.state === 'watching');
  const about = watch ?? watches.at(-1);
  const latest = await tx.latestVerdict(id);
  const word = wordOf(watch, latest);
  if (about === undefined || word === undefined) return undefined;
  const inputs = await gateInputs(tx, deployment, about, about.lastLook, ctx.clock());
  return {
    deployment,
    word,
    inputs: inputsFor(watch, inputs),
    ...(watch === undefined ? {} : { watch }),
    ...(latest === undefined ? {} : { latest }),
  };
}

/** Undefined where nothing is left to gate: a rollback latches, and a watch that was ended from outside stays so. */
function wordOf(watch: Watch | undefined, latest: Verdict | undefined): Word | undefined {
  const judges = watch !== undefined && watch.kind !== 'late-regression';
  if (judges && watch.lastLook < watch.plannedLooks) return WATCHING;
  if (latest?.withheld !== undefined) return latest.withheld;
  if (latest === undefined || (latest.value !== 'continue' && latest.value !== 'inconclusive'))
    return undefined;
  const { value, rule, guarantee, reasons, confidence } = latest;
  return { value, rule, guarantee, reasons, ...(confidence === undefined ? {} : { confidence }) };
}

/** A verdict that was given is not taken back for a check that is missing; a tail still hears of one that failed. */
function inputsFor(watch: Watch | undefined, inputs: GateInputs | undefined): GateInputs {
  const { checks = [], looksOver = true, hold } = inputs ?? {};
  const counted =
    watch === undefined
      ? []
      : watch.kind === 'late-regression'
        ? checks.filter((check) => check.standing === 'failed' && check.onFailure === 'rollback')
        : checks;
  return { checks: counted, looksOver, ...(hold === undefined ? {} : { hold }) };
}

function contentOf(ctx: AppContext, stand: Stand, gated: Gated): NewVerdict | undefined {
  const base = baseOf(ctx, stand);
  if (base === undefined) return undefined;
  const facts = gateFacts(stand.inputs);
  if (gated.value === 'rollback') return failedCheck(ctx, stand, base, gated);
  const { checks, hold, withheld, confidence, ...bare } = base;
  const { word } = stand;
  if (gated.value === 'pending')
    return {
      ...bare,
      ...facts,
      value: 'pending',
      rule: gated.rule ?? 'watching',
      reasons: [...gated.reasons, ...withoutGate(base.reasons), ...evidenceOf(stand, base)],
      stillNeeded: [...gated.stillNeeded, ...withoutGate(base.stillNeeded)],
      brakes: [],
      ...(word.value === 'pending' ? {} : { withheld: word }),
    };
  if (gated.rule === undefined && word.value !== 'pending')
    return { ...bare, ...facts, ...word, stillNeeded: [], brakes: [] };
  return {
    ...bare,
    ...facts,
    value: gated.value,
    rule: gated.rule ?? 'watching',
    guarantee: 'none',
    reasons: [...gated.reasons, ...(word.value === 'pending' ? [] : word.reasons)],
    stillNeeded: [],
    brakes: [],
  };
}

/** It speaks of this moment, and of no metric. */
function failedCheck(ctx: AppContext, stand: Stand, base: NewVerdict, gated: Gated): NewVerdict {
  const { watchId, stepIndex, look, alpha, prior, harmProbability } = base;
  const nothing = { code: 'check-failed', text: '' };
  const watch = { id: watchId, stepIndex, lastLook: stand.watch?.lastLook ?? look, alpha };
  return {
    ...unjudged('rollback', 'check-failed', watch, prior, ctx.clock(), nothing),
    ...gateFacts(stand.inputs),
    guarantee: 'guard-rail',
    harmProbability,
    reasons: gated.reasons,
  };
}

/** What the newest verdict says of the metrics; before the first one only a hold or a failed check is worth a verdict. */
function baseOf(ctx: AppContext, { latest, watch, deployment }: Stand): NewVerdict | undefined {
  const speaks = watch === undefined || watch.kind === 'late-regression' || latest?.watchId === watch.id;
  if (latest !== undefined && speaks) {
    const { id, deploymentId, sequence, engineVersion, decidedAtMs, ...content } = latest;
    return content;
  }
  if (watch === undefined) return undefined;
  const reason = { code: 'watching', text: 'no look has been judged yet' };
  const prior = priorFor(deployment.policy, watch);
  return unjudged('pending', 'watching', watch, prior, ctx.clock(), reason);
}

/** A verdict is written when it changes, so that what it says of the metrics can be older than the newest look: then it says so. */
function evidenceOf({ watch }: Stand, { look, watchId }: NewVerdict): NewVerdict['reasons'] {
  if (watch === undefined || watch.id !== watchId || look === 0 || watch.lastLook <= look) return [];
  const text = `what is said here of the metrics is of look ${look}; the newest one was look ${watch.lastLook} and changed no verdict`;
  return [{ code: 'evidence-of-look', text }];
}

const GATE_CODES = new Set(['check-needed', 'check-failed', 'check-missing', 'held', 'evidence-of-look']);

function withoutGate(reasons: NewVerdict['reasons']): NewVerdict['reasons'] {
  return reasons.filter(({ code }) => !GATE_CODES.has(code));
}

function differs(latest: Verdict | undefined, content: NewVerdict): boolean {
  if (latest === undefined) return content.rule !== 'watching';
  const facts = ({ value, rule, checks, hold }: NewVerdict): string =>
    JSON.stringify(
      value === 'pending'
        ? [value, rule, checks?.map(({ name, step, standing }) => [name, step, standing]), hold]
        : [value, rule],
    );
  return facts(latest) !== facts(content);
}

/** A tail goes on after the `continue` that is given again when a hold is lifted. */
function ends(watch: Watch, { value }: NewVerdict): boolean {
  return value === 'rollback' || (value !== 'pending' && watch.kind !== 'late-regression');
}

async function close(ctx: AppContext, tx: Transaction, watch: Watch): Promise<void> {
  const state = next(watchTransitions, watch.state, 'decide');
  if (state === undefined) return;
  await tx.updateWatch({ ...watch, state, endedAtMs: ctx.clock(), revision: watch.revision + 1 });
}
