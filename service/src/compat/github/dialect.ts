import {
  HookError,
  nothing,
  type ChangeEvent,
  type HookDialect,
  type HookEvent,
  type HookMessage,
  type Move,
  type ReportedRelease,
} from '../change-event.js';
import { decodeJson } from '../decode-json.js';
import { linkTo } from '../link-to.js';
import { oneLine } from '../one-line.js';
import { hmacHex, isSameSecret } from '../same-secret.js';
import { deploymentStatusPayload, type DeploymentStatusPayload } from './payload.js';

const MOVES: Readonly<Record<string, Move>> = {
  in_progress: 'begin',
  success: 'finish',
  failure: 'cancel',
  error: 'cancel',
};

/** GitHub's webhooks `deployment` and `deployment_status`, signed with HMAC-SHA256 over the body as it came. */
export const github: HookDialect = {
  isGenuine: ({ header, body }, secret) =>
    isSameSecret(header('x-hub-signature-256'), `sha256=${hmacHex('sha256', secret, body)}`),
  deliveryOf: ({ header }) => header('x-github-delivery'),
  decode,
};

function decode(message: HookMessage): readonly HookEvent[] {
  const event = message.header('x-github-event');
  switch (event) {
    case 'deployment_status':
      return decodeStatus(decodeJson(deploymentStatusPayload, jsonOf(message)));
    case 'deployment':
      return nothing('it begins with the deployment_status in_progress or success');
    case 'ping':
      return nothing('pong');
    case undefined:
      throw new HookError('has no header X-GitHub-Event; let GitHub send it, or another kind of hook');
    default:
      return nothing(`"${event.slice(0, 100)}" tells of no deployment; send deployment_status alone`);
  }
}

/** GitHub sends forms unless the hook's content type is set to JSON. */
function jsonOf({ header, body }: HookMessage): Buffer {
  if (header('content-type')?.startsWith('application/x-www-form-urlencoded') !== true) return body;
  return Buffer.from(new URLSearchParams(body.toString('utf8')).get('payload') ?? '');
}

function decodeStatus(payload: DeploymentStatusPayload): readonly HookEvent[] {
  const { deployment, deployment_status: status, repository } = payload;
  const move = MOVES[status.state];
  if (move === undefined) return nothing(`the state "${status.state.slice(0, 100)}" changes nothing`);
  const { environment, task, ref } = deployment;
  const described = oneLine(status.description, 500);
  const event: ChangeEvent = {
    kind: 'change',
    subject: { repository: repository.full_name, environment, task, ref },
    key: `${repository.full_name}/${deployment.id}`,
    move,
    atMs: Date.parse(status.created_at),
    release: releaseOf(payload),
    reason: `GitHub says ${status.state}${described === undefined ? '' : `: ${described}`}`,
  };
  return [event];
}

function releaseOf({
  deployment,
  deployment_status: status,
  repository,
}: DeploymentStatusPayload): ReportedRelease {
  const { id, sha, ref, description } = deployment;
  const summary = oneLine(description, 500);
  return {
    version: versionOf(deployment),
    change: { kind: 'code', commit: sha, ...(summary === undefined ? {} : { summary }) },
    labels: {
      'github/deployment': String(id),
      'github/repository': oneLine(repository.full_name, 1_000) ?? '',
      'github/ref': oneLine(ref, 1_000) ?? '',
    },
    links: [
      ...linkTo('Log', status.log_url ?? status.target_url),
      ...linkTo('Commit', `${repository.html_url ?? ''}/commit/${sha}`),
    ],
  };
}

/** What whoever made the deployment calls it; else the ref, where it looks like a version; else the commit, for a branch is no version. */
function versionOf({ payload, ref, sha }: DeploymentStatusPayload['deployment']): string {
  const given = namedVersion(typeof payload === 'string' ? parsed(payload) : payload);
  const tag = ref.replace(/^refs\/tags\//, '');
  return oneLine(given, 200) ?? oneLine(/^v?\d/.test(tag) ? tag : sha, 200) ?? sha;
}

function namedVersion(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('version' in payload)) return undefined;
  return typeof payload.version === 'string' ? payload.version : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
