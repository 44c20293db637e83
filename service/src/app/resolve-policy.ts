import { authorise } from '../domain/authorise.js';
import type { Policy } from '../domain/policy.js';
import { feedsOf, isExpression } from '../domain/signal-feeds.js';
import type { AppContext } from './context.js';
import { filledMatch } from './discovery/list-found.js';
import { executorFor } from './executor-for.js';
import { refuseLooser } from './required-check-rules.js';
import { sourceFor } from './source-for.js';
import { AppError, type Caller, type StartDeployment } from './use-cases.js';
import { fillSelector } from './window/template.js';

const BY_NAME = 'name a configured policy, or use an operator token';

/**
 * The policy that a deployment is judged by: named, by value, or the one that belongs to its service. One by value gives a caller
 * no more than its token does: without the permission to roll back it cannot make an executor run, and a scoped token reads only
 * series of its scope.
 * @throws AppError `invalid` when the policy or its executor is not to be had here, `forbidden` when the token does not reach so far
 */
export function resolvePolicy(ctx: AppContext, caller: Caller, command: StartDeployment): Policy {
  const byValue = typeof command.policy === 'object';
  const policy =
    typeof command.policy === 'object' ? command.policy : configured(ctx, command.policy, command.service);
  if (byValue) {
    checkAction(caller, command, policy);
    checkQueries(caller, policy);
    checkSelectors(caller, command, policy);
    checkDiscovery(ctx, caller, command, policy);
  }
  if (command.policy !== undefined)
    refuseLooser(caller, command, policy, ctx.policies.get(command.service) ?? ctx.policies.get('default'));
  checkExecutor(ctx, command, policy);
  checkSources(ctx, command, policy);
  return policy;
}

function configured(ctx: AppContext, wanted: string | undefined, service: string): Policy {
  const { policies } = ctx;
  const found =
    wanted === undefined ? (policies.get(service) ?? policies.get('default')) : policies.get(wanted);
  if (found !== undefined) return found;
  const known = policies.names();
  const names = known.length > 0 ? `known: ${known.join(', ')}` : 'none is configured';
  throw new AppError(
    'invalid',
    wanted === undefined
      ? `no policy named "${service}" or "default" is configured`
      : `there is no policy "${wanted}" (${names})`,
    { field: '/policy', remedy: 'name a configured policy, or send one by value' },
  );
}

/** What acts is decided by who may roll back: the configuration or an operator, never a pipeline by itself. */
function checkAction(caller: Caller, command: StartDeployment, policy: Policy): void {
  if (authorise(caller, 'rollback', command).kind === 'ok') return;
  if (policy.mode === 'act')
    throw new AppError('forbidden', `the role ${caller.role} may not send a policy that acts`, {
      field: '/policy/mode',
      remedy: BY_NAME,
    });
  if (policy.executor !== undefined)
    throw new AppError('forbidden', `the role ${caller.role} may not send a policy that names an executor`, {
      field: '/policy/executor',
      remedy: BY_NAME,
    });
}

function checkExecutor(ctx: AppContext, command: StartDeployment, policy: Policy): void {
  if (policy.executor === undefined) return;
  const found = executorFor(ctx.executors, policy.executor, command);
  if (found.kind === 'ok') return;
  throw new AppError('invalid', found.reason, { field: '/policy/executor', remedy: found.remedy });
}

function checkSources(ctx: AppContext, command: StartDeployment, policy: Policy): void {
  for (const [index, { signal }] of policy.metrics.entries()) {
    const found = sourceFor(ctx.sources, signal.source, command.project);
    const field = `/policy/metrics/${index}/signal/source`;
    if (found.kind === 'unusable')
      throw new AppError('invalid', found.reason, { field, remedy: found.remedy });
    if (found.source.evaluate === undefined && feedsOf(signal).some(([, feed]) => isExpression(feed)))
      throw new AppError('invalid', `the source "${found.source.name}" has no query language`, {
        field,
        remedy: 'give a selector instead of a query, or name another source',
      });
  }
}

/** Nobody can tell whose series a query reads, so a scoped token may not send one. */
function checkQueries(caller: Caller, policy: Policy): void {
  const scope = (['service', 'environment'] as const).find((field) => caller[field] !== '*');
  if (scope === undefined) return;
  for (const [index, { signal }] of policy.metrics.entries())
    for (const [part, feed] of feedsOf(signal)) {
      if (!isExpression(feed)) continue;
      throw new AppError(
        'forbidden',
        `the token is scoped to the ${scope} "${caller[scope]}", and a query could read beyond it`,
        {
          field: `/policy/metrics/${index}/signal/${part}`,
          remedy:
            'name a configured policy, give a selector, or use a token without a service or environment scope',
        },
      );
    }
}

/** A token scoped to a service or environment must not read another one's series through a selector. */
function checkSelectors(caller: Caller, command: StartDeployment, policy: Policy): void {
  for (const label of ['service', 'environment'] as const) {
    if (caller[label] === '*') continue;
    for (const { path, labels } of labelsRead(policy, command)) {
      if (labels[label] === command[label]) continue;
      throw new AppError(
        'forbidden',
        `the token is scoped to the ${label} "${caller[label]}", and this selector reads beyond it`,
        {
          field: `/policy/metrics/${path}/${label}`,
          remedy: `give it the label "${label}": "{{${label}}}", name a configured policy, or use a token without this scope`,
        },
      );
    }
  }
}

/** The same for what is looked for: who may not read another's series may not have them found either. */
function checkDiscovery(ctx: AppContext, caller: Caller, command: StartDeployment, policy: Policy): void {
  if (policy.discover === undefined) return;
  const { source, match } = policy.discover;
  const found = sourceFor(ctx.sources, source, command.project);
  if (found.kind === 'unusable')
    throw new AppError('invalid', found.reason, { field: '/policy/discover/source', remedy: found.remedy });
  const matched = filledMatch(match, command);
  for (const label of ['service', 'environment'] as const) {
    if (caller[label] === '*' || matched[label] === command[label]) continue;
    throw new AppError(
      'forbidden',
      `the token is scoped to the ${label} "${caller[label]}", and this discovery reads beyond it`,
      {
        field: `/policy/discover/match/${label}`,
        remedy: `give it the label "${label}": "{{${label}}}", name a configured policy, or use a token without this scope`,
      },
    );
  }
}

interface LabelsRead {
  /** Where the label is to be mended, below `/policy/metrics/`. */
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
}

function labelsRead(policy: Policy, { service, environment }: StartDeployment): readonly LabelsRead[] {
  // The versions stay as they are: a rollback judged by this policy has others.
  const variables = {
    service,
    environment,
    version: '{{version}}',
    previousVersion: '{{previousVersion}}',
  };
  return policy.metrics.flatMap(({ signal, arms }, index) =>
    feedsOf(signal).flatMap(([part, selector]) =>
      isExpression(selector)
        ? []
        : [
            {
              path: `${index}/signal/${part}/labels`,
              labels: fillSelector(selector, {}, variables).labels,
            },
            ...(['treatment', 'control'] as const).map((arm) => ({
              path: `${index}/arms/${arm}`,
              labels: fillSelector(selector, arms[arm], variables).labels,
            })),
          ],
    ),
  );
}
