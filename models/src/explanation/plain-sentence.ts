import type { Forecast } from '../forecast/forecast.js';
import { describeForecast, forecastClause } from './describe-forecast.js';
import { message, type Message } from './message.js';
import { movementParameters, movementText, type Movement } from './movement-text.js';
import { spanText } from './span-text.js';

/** What is known of a verdict that is to be said in one sentence. */
export interface SentenceFacts {
  readonly verdict: string;
  /** Which rule decided. */
  readonly rule: string;
  /** Sequential p-value of the family. */
  readonly p: number;
  /** Tolerated probability of a false rollback: at or below it p is no doubt any more. */
  readonly alpha: number;
  /** Time since the change that was judged. */
  readonly judgedMs: number;
  readonly intervalMs: number;
  /** Metrics that could be judged. */
  readonly judged: number;
  /** The movement that counts most, where one does. */
  readonly movement?: Movement;
  /** Metric that passed a limit. */
  readonly beyondLimit?: string;
  /** Metrics that lack data, those that are required first. */
  readonly missing: readonly string[];
  /** What is said of a metric that shows harm and proves nothing. */
  readonly unproven?: string;
  /** The breach that a rollback rests on. */
  readonly forecast?: Forecast;
  /** First reason of the verdict: said where there is nothing plainer. */
  readonly reason: string;
}

/** "about once in 250": a whole number to two digits. */
function onceIn(p: number): number {
  return Number(Math.round(1 / Math.min(1, Math.max(p, 1e-6))).toPrecision(2));
}

function rarity(p: number): string {
  return `chance alone does this about once in ${onceIn(p).toLocaleString('en')} quiet releases`;
}

function asSaid({ reason }: SentenceFacts): Message {
  const text = reason.charAt(0).toUpperCase() + reason.slice(1);
  return message('as-said', { reason }, /[.!?…]$/.test(text) ? text : `${text}.`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function rollback(facts: SentenceFacts): Message {
  const { rule, p, movement, forecast, beyondLimit, intervalMs } = facts;
  if (rule === 'canary-silent')
    return message(
      'canary-silent',
      {},
      'The new version serves no requests while the old one, beside it, does.',
    );
  if (rule === 'check-failed') return asSaid(facts);
  if (rule === 'guard-rail') {
    const subject = movement?.metric === beyondLimit ? 'it' : movement?.metric;
    const where = movement === undefined ? '' : `; ${movementText({ ...movement, metric: subject ?? 'it' })}`;
    const text = `${beyondLimit ?? 'A metric'} passed the limit that you set${where}.`;
    return message(
      'limit-passed',
      { metric: beyondLimit, ...(movement && movementParameters(movement)) },
      text,
    );
  }
  if (forecast !== undefined) {
    const { parameters } = describeForecast(forecast, intervalMs);
    return message(
      'harm-ahead',
      { ...parameters, onceIn: onceIn(p) },
      `${capital(forecastClause(forecast, intervalMs))} if nothing is done; ${rarity(p)}.`,
    );
  }
  if (movement === undefined) return asSaid(facts);
  return message(
    'harmed',
    { ...movementParameters(movement), onceIn: onceIn(p) },
    `${movementText(movement)}; ${rarity(p)}.`,
  );
}

function goOn(facts: SentenceFacts): Message {
  const { rule, judgedMs, judged, movement, reason } = facts;
  const span = spanText(judgedMs);
  if (rule === 'bounded-harm')
    return message(
      'harm-ruled-out',
      { judgedMs },
      `In the ${span} since the release, nothing that must be watched got worse by more than you tolerate; that is shown, not assumed.`,
    );
  if (rule === 'override')
    return message(
      'override',
      { reason },
      `A person let this release go on: ${reason}${/[.!?…]$/.test(reason) ? '' : '.'}`,
    );
  if (rule !== 'watch-ended-without-evidence') return asSaid(facts);
  if (movement !== undefined)
    return message(
      'too-small-to-matter',
      movementParameters(movement),
      `${movementText(movement)}; by your own measure that is too little to matter.`,
    );
  return message(
    'nothing-found',
    { judgedMs, judged },
    `In the ${span} since the release, nothing got worse than usual (${judged} ${judged === 1 ? 'metric' : 'metrics'} watched); small harm can still hide.`,
  );
}

function lacking([first = 'The metrics', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function watching(facts: SentenceFacts): Message {
  const { rule, judgedMs, judged, movement, missing, p, alpha } = facts;
  if (rule === 'held')
    return message(
      'held',
      {},
      'A person holds this release: until that is lifted only a rollback goes through.',
    );
  if (rule === 'awaiting-checks')
    return message(
      'awaiting-checks',
      {},
      'The metrics would let this release go on; it waits for a check that has not passed yet.',
    );
  if (movement !== undefined && p <= alpha)
    return message(
      'too-small-so-far',
      movementParameters(movement),
      `${movementText(movement)}; so far that is too little to matter by your own measure.`,
    );
  if (movement !== undefined)
    return message(
      'suspect',
      { ...movementParameters(movement), onceIn: onceIn(p) },
      `${movementText(movement)}; ${rarity(p)}, too often to be sure yet.`,
    );
  if (facts.unproven !== undefined) return asSaid({ ...facts, reason: facts.unproven });
  if (judged === 0 && missing.length === 0) return asSaid(facts);
  if (judged === 0)
    return message(
      'nothing-yet',
      { metric: missing[0] },
      `${lacking(missing)} sent too little since the release to say anything yet.`,
    );
  return message(
    'quiet-so-far',
    { judgedMs, judged },
    `${capital(spanText(judgedMs))} after the release, nothing is worse than usual (${judged} ${judged === 1 ? 'metric' : 'metrics'} watched).`,
  );
}

function undecided(facts: SentenceFacts): Message {
  const { missing } = facts;
  if (facts.rule !== 'not-enough-data' || missing.length === 0) return asSaid(facts);
  return message(
    'too-little-data',
    { metric: missing[0], others: missing.length - 1 },
    `${lacking(missing)} sent too little to tell whether this release harms; nobody knows that it is safe.`,
  );
}

/**
 * A verdict in one sentence for somebody tired: no term of statistics, the metric's unit, the direction, since when, compared
 * with what, and how sure; about 30 words at most beside the names of metrics. With a code and its parameters, so that it can
 * be said in another language.
 *
 * @example plainSentence(facts).text // 'latency rose by 32 ms (15 %) against just before, from 3 min after the release on; …'
 */
export function plainSentence(facts: SentenceFacts): Message {
  switch (facts.verdict) {
    case 'rollback':
      return rollback(facts);
    case 'continue':
      return goOn(facts);
    case 'pending':
      return watching(facts);
    case 'inconclusive':
      return undecided(facts);
    case 'superseded':
      return message(
        'superseded',
        {},
        'A newer release took its place before this one was judged to the end.',
      );
    case 'cancelled':
      return message('cancelled', {}, 'The deployment was cancelled before its watch could decide.');
    default:
      return asSaid(facts);
  }
}
