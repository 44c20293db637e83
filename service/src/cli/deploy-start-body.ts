import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import { CommandError } from './command-error.js';
import type { StartBody } from './deployments-api.js';
import type { ServerOptions } from './server-place.js';

/** Options of `deploy start`, as commander gives them. */
export interface StartOptions extends ServerOptions {
  readonly id?: string;
  readonly project?: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly previousVersion?: string;
  readonly strategy?: NonNullable<StartBody['strategy']>;
  readonly step?: NonNullable<StartBody['plannedSteps']>;
  readonly policy?: string;
  readonly changeKind?: NonNullable<NonNullable<StartBody['change']>['kind']>;
  readonly commit?: string;
  readonly commitTime?: string;
  readonly ticket?: string;
  readonly summary?: string;
  readonly migration?: 'reversible' | 'irreversible';
  readonly label?: Readonly<Record<string, string>>;
  readonly dependsOn?: NonNullable<StartBody['dependsOn']>;
  readonly link?: NonNullable<StartBody['links']>;
  readonly startedAt?: string;
  readonly idempotencyKey?: string;
  readonly quiet?: boolean;
  readonly wait?: boolean;
}

/** What `deploy start` sends; what was not said is left to the service's defaults. @throws CommandError for a policy file */
export function startBody(options: StartOptions): StartBody {
  const { id, project, service, environment, version, previousVersion, migration, startedAt } = options;
  return {
    ...{ id, project, service, environment, version, previousVersion, startedAt },
    strategy:
      options.strategy ?? (options.step !== undefined && options.step.length > 1 ? 'canary' : undefined),
    change: {
      ...given('kind', options.changeKind),
      ...given('commit', options.commit),
      ...given('committedAt', options.commitTime),
      ...given('ticket', options.ticket),
      ...given('summary', options.summary),
    },
    migration: migration === undefined ? undefined : { reversible: migration === 'reversible' },
    dependsOn: options.dependsOn,
    labels: options.label,
    links: options.link,
    plannedSteps: options.step,
    policy: options.policy === undefined ? undefined : policyOf(options.policy),
  };
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}

type PolicyByValue = Exclude<StartBody['policy'], string | undefined>;

/** A name, or with `@` the content of a file in YAML or JSON, which the service checks. */
function policyOf(text: string): string | PolicyByValue {
  if (!text.startsWith('@')) return text;
  const file = text.slice(1);
  try {
    return parse(readFileSync(file, 'utf8')) as PolicyByValue;
  } catch (cause) {
    throw new CommandError(
      `--policy: the file ${file} can't be read: ${(cause as Error).message}; give a policy as YAML or JSON`,
      { cause },
    );
  }
}

/** `canary:5%`, `canary:0.05` or `full`, one of several. */
export function collectStep(
  text: string,
  before: StartOptions['step'] = [],
): NonNullable<StartOptions['step']> {
  const { name, trafficShare } = stepOf(text);
  return [...before, { name, ...given('trafficShare', trafficShare) }];
}

/** A step's name and share. @throws InvalidArgumentError */
export function stepOf(text: string): { readonly name: string; readonly trafficShare?: number } {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return { name: text };
  return { name: text.slice(0, colon), trafficShare: shareOf(text.slice(colon + 1)) };
}

/** A share of the traffic: `5%` or `0.05`. @throws InvalidArgumentError */
export function shareOf(text: string): number {
  const match = /^(\d{1,3}(?:\.\d+)?|\.\d+)(%?)$/.exec(text);
  const share = match === null ? NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw new InvalidArgumentError(
    'Give a share of the traffic above 0 % and up to 100 %, such as 5% or 0.05.',
  );
}

/** `key=value`, one of several. */
export function collectLabel(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [name, value] = pairOf(text, 'team=payments');
  return { ...before, [name]: value };
}

/** `title=https://…`, one of several. */
export function collectLink(
  text: string,
  before: StartOptions['link'] = [],
): NonNullable<StartOptions['link']> {
  const [title, url] = pairOf(text, 'Pipeline=https://ci.example.com/run/17');
  return [...before, { title, url }];
}

/** `service` or `service@environment`, one of several. */
export function collectDependency(
  text: string,
  before: StartOptions['dependsOn'] = [],
): NonNullable<StartOptions['dependsOn']> {
  const at = text.indexOf('@');
  return [
    ...before,
    at < 0 ? { service: text } : { service: text.slice(0, at), environment: text.slice(at + 1) },
  ];
}

function pairOf(text: string, example: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0 && equals < text.length - 1) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new InvalidArgumentError(`Write it as ${example}.`);
}
