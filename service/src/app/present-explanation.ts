import {
  describeAhead,
  describeFlip,
  describeForecast,
  plainSentence,
  type Explanation,
  type Forecast,
  type Message,
  type Movement,
  type SentenceFacts,
} from '@bellwether/models';
import type { Deployment } from '../domain/deployment.js';
import type { MetricFinding, Verdict } from '../domain/verdict.js';
import { instantText } from './instant-text.js';

/** The look that is spoken of. */
export interface SpokenLook {
  readonly look: number;
  /** End of the last interval looked at. */
  readonly asOfMs: number;
  readonly intervalMs: number;
}

/** What of a verdict, or of a newer look under it, a sentence is made from. */
export type Speakable = Pick<
  Verdict,
  'value' | 'rule' | 'p' | 'alpha' | 'look' | 'asOfMs' | 'findings' | 'reasons' | 'forecasts'
>;

/** Above this p nothing is said of a single metric: every second quiet day looks like that. */
const SUSPECT_P = 0.2;

function changeAtMs({ look, asOfMs, intervalMs }: SpokenLook): number {
  return asOfMs - look * intervalMs;
}

function movementOf(
  { name, unit, effect, quantile, onsetAtMs, baseline }: MetricFinding,
  at: SpokenLook,
): Movement | undefined {
  if (effect === undefined) return undefined;
  return {
    metric: name,
    unit,
    effect,
    ...(onsetAtMs === undefined ? {} : { onsetMs: onsetAtMs - changeAtMs(at) }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(quantile === undefined ? {} : { quantile }),
  };
}

/** The finding that a sentence on this verdict speaks of. */
function subjectOf({ value, rule, p, alpha, findings, reasons }: Speakable): MetricFinding | undefined {
  const ranked = findings.toSorted((a, b) => b.contribution - a.contribution);
  if (rule === 'guard-rail')
    return ranked.find(({ name, status }) => name === reasons[0]?.metric && status !== 'quiet');
  if (value === 'rollback') return ranked.find(({ status }) => status === 'harmed');
  if (value === 'continue') return p <= alpha ? ranked.find(({ status }) => status === 'moved') : undefined;
  if (value !== 'pending' || p > SUSPECT_P) return undefined;
  return ranked.find((one) => one.contribution > 0 && (one.p ?? 1) <= SUSPECT_P);
}

/** What is said of a metric that lacks no data, only a past that is long enough to prove the harm that it shows. */
function unprovenIn(reasons: Speakable['reasons']): Speakable['reasons'][number] | undefined {
  return reasons.find(({ code }) => code === 'harm-not-proven');
}

function missingOf({ findings, reasons }: Speakable, { policy }: Deployment): readonly string[] {
  const required = new Set(
    policy.metrics.filter(({ missing }) => missing === 'required').map(({ name }) => name),
  );
  return findings
    .filter(({ status, name }) => status === 'insufficient' && name !== unprovenIn(reasons)?.metric)
    .map(({ name }) => name)
    .toSorted((a, b) => Number(required.has(b)) - Number(required.has(a)));
}

/** A verdict in one plain sentence. */
export function sentenceOf(said: Speakable, deployment: Deployment): Message {
  const { intervalMs } = deployment.policy;
  const at: SpokenLook = { look: said.look, asOfMs: said.asOfMs, intervalMs };
  const subject = subjectOf(said);
  const movement = subject && movementOf(subject, at);
  const ahead = said.reasons.find(({ code }) => code === 'harm-forecast')?.metric;
  const forecast =
    said.value === 'rollback' ? said.forecasts?.find(({ metric }) => metric === ahead) : undefined;
  const limited = said.rule === 'guard-rail' ? said.reasons[0]?.metric : undefined;
  const unproven = unprovenIn(said.reasons)?.text;
  const facts: SentenceFacts = {
    verdict: said.value,
    rule: said.rule,
    p: said.p,
    alpha: said.alpha,
    judgedMs: said.look * intervalMs,
    intervalMs,
    judged: said.findings.filter(({ status }) => status !== 'insufficient').length,
    missing: missingOf(said, deployment),
    ...(unproven === undefined ? {} : { unproven }),
    reason: said.reasons[0]?.text ?? `decided by “${said.rule}”`,
    ...(movement === undefined ? {} : { movement }),
    ...(limited === undefined ? {} : { beyondLimit: limited }),
    ...(forecast === undefined ? {} : { forecast }),
  };
  return plainSentence(facts);
}

/** Why a look came out so, for the wire: times in place of counts of looks, and every part that needs it as a sentence. */
export function presentExplanation({ metrics, flips, ahead }: Explanation, at: SpokenLook) {
  const { intervalMs } = at;
  return {
    metrics: metrics.map(({ scorers, ...part }) => ({
      ...part,
      scorers: scorers.map(({ scorer, score, windowLooks, atLook, restsOn }) => ({
        scorer,
        score,
        ...(windowLooks === undefined ? {} : { windowMs: windowLooks * intervalMs }),
        at: instantText(changeAtMs(at) + atLook * intervalMs),
        ...(restsOn === undefined
          ? {}
          : {
              restsOn: restsOn.map(({ fromLook, toLook, weight }) => ({
                from: instantText(changeAtMs(at) + fromLook * intervalMs),
                to: instantText(changeAtMs(at) + toLook * intervalMs),
                weight,
              })),
            }),
      })),
    })),
    flips: flips.map((flip) => ({ ...describeFlip(flip, intervalMs), verdict: flip.verdict })),
    ...(ahead === undefined ? {} : { ahead: describeAhead(ahead, intervalMs) }),
  };
}

/** When a limit is breached, for the wire. */
export function presentForecast(forecast: Forecast, { asOfMs, intervalMs }: SpokenLook) {
  const { metric, unit, limit, inLooks, earliestInLooks, latestInLooks, level, slope, now } = forecast;
  const after = (looks: number): string => instantText(asOfMs + looks * intervalMs);
  return {
    ...{ metric, unit, limit: { ...limit }, now },
    risePerHour: (slope * 3_600_000) / intervalMs,
    at: after(inLooks),
    earliestAt: after(earliestInLooks),
    ...(latestInLooks === undefined ? {} : { latestAt: after(latestInLooks) }),
    level,
    text: describeForecast(forecast, intervalMs).text,
  };
}

/** Sentence, explanation and forecasts of a verdict or of a newer look under it, as far as they are there. */
export function presentReading(said: Speakable & Pick<Verdict, 'explanation'>, deployment: Deployment) {
  const at: SpokenLook = {
    look: said.look,
    asOfMs: said.asOfMs,
    intervalMs: deployment.policy.intervalMs,
  };
  return {
    sentence: sentenceOf(said, deployment),
    ...(said.explanation === undefined ? {} : { explanation: presentExplanation(said.explanation, at) }),
    ...(said.forecasts === undefined
      ? {}
      : { forecast: said.forecasts.map((one) => presentForecast(one, at)) }),
  };
}
