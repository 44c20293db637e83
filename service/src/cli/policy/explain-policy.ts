import { historyForPlacebos, neededPlacebos, possiblePlacebos, type PlannedWatch } from '@bellwether/models';
import type { RequiredCheck } from '../../domain/check.js';
import type { MetricSpec, Policy } from '../../domain/policy.js';
import { explainMetric } from './explain-metric.js';
import { span } from './span.js';

/** A paragraph with its heading. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Everything that a policy means, in words, with every default filled in. */
export function explainPolicy(policy: Policy, deploysPerMonth: number): readonly Section[] {
  return [
    { title: 'What it does', lines: mode(policy) },
    {
      title: 'What is watched',
      lines: [...policy.metrics.flatMap((metric) => explainMetric(metric, policy)), ...discovered(policy)],
    },
    ...(policy.discover === undefined
      ? []
      : [{ title: 'What is found beside them', lines: discovery(policy.discover) }]),
    { title: 'Error rate', lines: errorRate(policy, deploysPerMonth) },
    { title: 'What the past must give', lines: history(policy) },
    { title: 'What is learned', lines: [...learning(policy), learnedScorerWords(policy)] },
    { title: 'When', lines: timing(policy) },
    { title: 'Missing data and missing verdicts', lines: missing(policy) },
    ...(policy.requiredChecks === undefined || policy.requiredChecks.length === 0
      ? []
      : [{ title: 'Checks beside metrics', lines: policy.requiredChecks.map(check) }]),
    { title: 'Brakes', lines: brakes(policy) },
  ];
}

function mode({ mode: value, executor, canarySilence, reasonRequired }: Policy): readonly string[] {
  const words = {
    observe: 'Observes: verdicts are recorded and nobody is asked to act.',
    recommend: 'Recommends: it says continue or roll back, and people act.',
    act: `Acts: a rollback is carried out by the executor "${executor ?? ''}", within the brakes below.`,
  };
  return [
    words[value],
    `A rollback by hand ${executor === undefined ? 'has no executor to carry it out' : `is carried out by "${executor}"`} and ${reasonRequired ? 'needs a reason' : 'needs no reason'}.`,
    ...(canarySilence
      ? ['Guard-rail: a canary that serves nothing while its control group serves is rolled back.']
      : ['That a canary serves nothing is not looked at (canarySilence: false).']),
  ];
}

function discovered({ discover }: Policy): readonly string[] {
  if (discover === undefined) return ['Nothing else: what no metric names is not looked at (no "discover").'];
  const { source, match, ignore, limit } = discover;
  const labels = Object.entries(match).map(([name, value]) => `${name}="${value}"`);
  const where = source === undefined || source === 'push' ? 'what is pushed' : `the source "${source}"`;
  return [
    `What else there is: when a deployment starts, up to ${limit} more metrics with the labels {${labels.join(', ')}} in ${where}${ignore.length === 0 ? '' : `, without ${ignore.join(', ')}`}.`,
    '  Advisory: they are shown and never decide.',
  ];
}

function discovery({ source, match, limit }: NonNullable<Policy['discover']>): readonly string[] {
  const labels = Object.entries(match).map(([name, value]) => `${name}="${value}"`);
  const where = source === undefined || source === 'push' ? 'what is pushed' : `the source "${source}"`;
  return [
    `When a deployment starts, up to ${limit} further metrics of ${where} with ${labels.join(', ')} are watched, too. They are advisory: shown, never deciding.`,
  ];
}

function check({ name, kind, role, step, onFailure, timeoutMs }: RequiredCheck): string {
  const by = role === undefined ? '' : `, by ${role} or more`;
  const what = kind === undefined ? '' : ` (${kind}${by})`;
  return `"${name}"${what} must have passed before ${step === undefined ? 'any step continues' : `the step "${step}" continues`}; where it fails, the verdict is ${onFailure}. It is waited for ${span(timeoutMs)} after the last look.`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** α of each watch of a release, by step. */
function stepAlphas({
  alpha,
  spending,
  steps,
}: Policy): readonly { readonly name: string; readonly alpha: number }[] {
  if (steps === undefined) return [{ name: 'the one step of a release', alpha }];
  const shares = spending === 'equal' ? steps.map(() => 1) : spending;
  const total = shares.reduce((sum, share) => sum + share, 0);
  return steps.map(({ name }, index) => ({ name, alpha: (alpha * (shares[index] ?? 0)) / total }));
}

function errorRate(policy: Policy, deploysPerMonth: number): readonly string[] {
  const { alpha, steps, spending } = policy;
  const perMonth = Number((alpha * deploysPerMonth).toPrecision(2));
  const spent = stepAlphas(policy).map((step) => `${step.name} ${percent(step.alpha)}`);
  return [
    `α = ${alpha}: at most ${percent(alpha)} of harmless releases are rolled back, all metrics and all looks together.`,
    `At ${deploysPerMonth} deployments a month that is at most about ${perMonth} false rollback${perMonth === 1 ? '' : 's'} a month (--deploys-per-month for yours).`,
    ...(steps === undefined
      ? [
          spending === 'equal'
            ? 'A release with several steps divides α evenly over them.'
            : `A release with ${spending.length} steps spends α by the shares ${spending.join(', ')}.`,
        ]
      : [`A canary that plans no steps has these, with their parts of α: ${spent.join(', ')}.`]),
    ...(hasReserve(policy) ? ['Critical metrics own half of α, the others share the rest.'] : []),
    'Guard-rails stand outside of α: they are limits that you set.',
  ];
}

const isCritical = (metric: MetricSpec): boolean => metric.criticality === 'critical';
const isNormal = (metric: MetricSpec): boolean => metric.criticality === 'normal';

/** Critical metrics beside others own half of α. */
function hasReserve({ metrics }: Policy): boolean {
  return metrics.some(isCritical) && metrics.some(isNormal);
}

function history(policy: Policy): readonly string[] {
  const { historyMs, intervalMs, watchMs, baselines } = policy;
  const alpha = Math.min(...stepAlphas(policy).map((step) => step.alpha));
  const watch: PlannedWatch = {
    intervalMs,
    plannedLooks: Math.max(1, Math.round(watchMs / intervalMs)),
    alpha,
    ...(baselines === undefined ? {} : { baselines }),
  };
  const possible = possiblePlacebos(watch, Math.floor(historyMs / intervalMs));
  const needed = neededPlacebos(alpha);
  const least = historyForPlacebos(watch);
  const isEnough = possible >= needed;
  const start = `The guarantee "placebo" needs ${Math.ceil(needed)} independent quiet watches at α = ${Number(alpha.toPrecision(3))}`;
  return [
    least === undefined
      ? `${start}: more than are ever replayed, however long the history.`
      : `${start}, so ${span(least * intervalMs)} of quiet history or more.`,
    isEnough
      ? `The ${span(historyMs)} that this policy reads hold up to ${Math.floor(possible)}: enough, as soon as the source has samples for that long.`
      : `The ${span(historyMs)} that this policy reads hold at most ${Math.floor(possible)}: TOO FEW. Verdicts will rest on e-processes, which find less, and nothing is rolled back automatically but by a guard-rail or counts of a canary beside its control. Raise "alpha", shorten "watch"${least === undefined ? '' : ', or lengthen "history"'}.`,
    ...(hasReserve(policy) && isEnough && possible < neededPlacebos(alpha / 2)
      ? ['It is too short to reserve half of α for critical metrics, which then share it with the others.']
      : []),
    'Deployments, incidents and long swings make the past worth less; until it is long enough, verdicts say that their guarantee is weaker.',
    baselines === undefined
      ? 'Compared with whatever forecasts best: the time just before, earlier days and weeks, the control group.'
      : `Compared only with: ${baselines.map((name) => baselineWords[name]).join(', ')}.`,
  ];
}

function learnedScorerWords({ learnedScorer }: Policy): string {
  return learnedScorer === 'on'
    ? 'Gauges are also shown to the learned scorer, at a quarter, half, three quarters and the end of the watch; placebos calibrate its word like any other (learnedScorer: on).'
    : 'No learned scorer is asked (learnedScorer: off).';
}

function learning({ prior, feedback }: Policy): readonly string[] {
  const declared = `The prior of harm is ${percent(prior)}`;
  if (feedback === 'off')
    return [
      `${declared}, and nothing changes it: feedback is written down and tunes nothing (feedback: off).`,
    ];
  return [
    `${declared} at first; with every release it moves towards the service's own rate of bad changes, as verdicts and people's feedback have it.`,
    'Feedback gives metrics up to 4 times or down to a quarter of their weight. It never changes α, a limit or a minimum effect.',
  ];
}

const baselineWords = {
  before: 'the time just before',
  daily: 'the same time on earlier days',
  weekly: 'the same time in earlier weeks',
  control: 'the control group',
} as const;

function timing({ intervalMs, settleMs, watchMs, earliestContinue }: Policy): readonly string[] {
  const looks = Math.max(1, Math.round(watchMs / intervalMs));
  const earliest = Math.max(1, Math.ceil(earliestContinue * looks));
  return [
    `${looks} looks, ${span(intervalMs)} apart, each ${span(settleMs)} after its interval, when late samples are in.`,
    `Earliest rollback: ${span(intervalMs + settleMs)} after the change. Earliest continue: ${span(earliest * intervalMs + settleMs)} after it, where harm is ruled out by then.`,
    `At the latest ${span(looks * intervalMs + settleMs)} after the change every step has its verdict; after an early continue the watch goes on to that point and can still roll back.`,
  ];
}

function missing({ metrics, minCoverage, consumers }: Policy): readonly string[] {
  const required = metrics.filter((metric) => metric.missing === 'required').map(({ name }) => `"${name}"`);
  const say = { 'fail-open': 'go on', 'fail-closed': 'wait or stop' } as const;
  return [
    required.length === 0
      ? 'No metric is required: a watch that could judge any one of them may continue.'
      : `Required: ${required.join(', ')}. Without data of each of them, in ${percent(minCoverage)} of the intervals and up to the end, the verdict is inconclusive, never continue.`,
    `Pipelines are told: while a verdict is pending, ${say[consumers.pending]}; when it is inconclusive, ${say[consumers.inconclusive]}; when Bellwether does not answer, ${say[consumers.outage]}.`,
  ];
}

function brakes({
  mode: value,
  brakes: { maxAutomaticRollbacksPerHour, commonCauseServices },
}: Policy): readonly string[] {
  if (value !== 'act') return ['Nothing is rolled back automatically.'];
  return [
    `At most ${maxAutomaticRollbacksPerHour} automatic rollbacks an hour in the project; none while ${commonCauseServices} or more other services look harmed too.`,
    'None while the kill switch is on or a freeze is declared, none of an irreversible migration, none of a rollback, none on weak or stale evidence.',
  ];
}
