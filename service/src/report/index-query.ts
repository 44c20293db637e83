import { AppError, type Caller, type UseCases } from '../app/use-cases.js';
import { deploymentStates, verdictValues, type IndexFilters } from './render-index.js';

type DeploymentQuery = Parameters<UseCases['listDeployments']>[1];

/** Deployments on one page of the index. */
const pageSize = 50;
/** Longer than any name that the API accepts. */
const mostLetters = 200;

function textOf(raw: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = raw[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > (name === 'cursor' ? 2000 : mostLetters))
    throw new AppError('invalid', `the filter "${name}" is not a short text`, {
      field: `/${name}`,
      remedy: `give ${name} once, as text`,
    });
  return value.trim();
}

function choiceOf<T extends string>(
  raw: Readonly<Record<string, unknown>>,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = textOf(raw, name);
  if (value === undefined) return undefined;
  const known = choices.find((choice) => choice === value);
  if (known !== undefined) return known;
  throw new AppError('invalid', `there is no ${name} "${value}"`, {
    field: `/${name}`,
    remedy: `choose one of ${choices.join(', ')}`,
  });
}

/**
 * Reads the index's address: filters, page, and the project (the caller's own unless it may see all; then `default` unless given).
 * @throws AppError `invalid` naming the filter and what it may be
 */
export function readIndexQuery(
  raw: Readonly<Record<string, unknown>>,
  caller: Pick<Caller, 'project'>,
): { readonly query: DeploymentQuery; readonly filters: IndexFilters } {
  const seesAll = caller.project === '*';
  const project = (seesAll ? textOf(raw, 'project') : undefined) ?? (seesAll ? 'default' : caller.project);
  const chosen = {
    service: textOf(raw, 'service'),
    environment: textOf(raw, 'environment'),
    state: choiceOf(raw, 'state', deploymentStates),
    verdict: choiceOf(raw, 'verdict', verdictValues),
  };
  const cursor = textOf(raw, 'cursor');
  const given = Object.fromEntries(
    Object.entries(chosen).filter(([, value]) => value !== undefined),
  ) as Partial<Pick<DeploymentQuery, keyof typeof chosen>>;
  return {
    query: { project, limit: pageSize, ...given, ...(cursor === undefined ? {} : { cursor }) },
    filters: { ...(seesAll ? { project } : {}), ...given },
  };
}
