import { z } from 'zod';
import {
  nothing,
  type HookDialect,
  type HookEvent,
  type Move,
  type ReportedRelease,
} from '../change-event.js';
import { decodeJson } from '../decode-json.js';
import { linkTo } from '../link-to.js';
import { oneLine } from '../one-line.js';
import { isSameSecret } from '../same-secret.js';

const MOVES: Readonly<Record<string, Move>> = {
  running: 'begin',
  success: 'finish',
  failed: 'cancel',
  canceled: 'cancel',
};

const kindOnly = z.object({ object_kind: z.string() });

/** Body of GitLab's deployment events, as far as it is used. */
const payload = z.object({
  status: z.string(),
  status_changed_at: z.string().nullish(),
  deployment_id: z.int(),
  deployable_url: z.string().nullish(),
  environment: z.string().min(1),
  environment_tier: z.string().nullish(),
  project: z.object({ path_with_namespace: z.string().min(1) }),
  short_sha: z.string().min(1),
  commit_url: z.string().nullish(),
  commit_title: z.string().nullish(),
  ref: z.string().nullish(),
});
type Payload = z.output<typeof payload>;

/** GitLab's webhook "Deployment events". GitLab signs nothing; it sends a word that both sides know. */
export const gitlab: HookDialect = {
  isGenuine: ({ header }, secret) => isSameSecret(header('x-gitlab-token'), secret),
  deliveryOf: ({ header }) => header('idempotency-key') ?? header('x-gitlab-event-uuid'),
  decode({ body }) {
    const { object_kind: kind } = decodeJson(kindOnly, body);
    if (kind !== 'deployment') return nothing(`"${kind.slice(0, 100)}" tells of no deployment`);
    return decodeDeployment(decodeJson(payload, body));
  },
};

function decodeDeployment(told: Payload): readonly HookEvent[] {
  const { status, project, environment, environment_tier: tier, ref, deployment_id: id } = told;
  const move = MOVES[status];
  if (move === undefined) return nothing(`the status "${status.slice(0, 100)}" changes nothing`);
  const atMs = instantOf(told.status_changed_at);
  return [
    {
      kind: 'change',
      subject: {
        repository: project.path_with_namespace,
        environment,
        tier: tier ?? '',
        ref: ref ?? '',
      },
      key: `${project.path_with_namespace}/${id}`,
      move,
      ...(atMs === undefined ? {} : { atMs }),
      reason: `GitLab says ${status}`,
      release: releaseOf(told),
    },
  ];
}

function releaseOf(told: Payload): ReportedRelease {
  const { ref, short_sha: sha, commit_title: title } = told;
  const summary = oneLine(title, 500);
  return {
    version: oneLine(/^v?\d/.test(ref ?? '') ? ref : sha, 200) ?? 'unknown',
    change: {
      kind: 'code',
      commit: oneLine(sha, 200) ?? 'unknown',
      ...(summary === undefined ? {} : { summary }),
    },
    labels: { 'gitlab/deployment': String(told.deployment_id) },
    links: [...linkTo('Job', told.deployable_url), ...linkTo('Commit', told.commit_url)],
  };
}

/** GitLab writes "2021-04-28 21:50:00 +0200". */
function instantOf(text: string | null | undefined): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|UTC|[+-]\d\d:?\d\d)$/.exec(text ?? '');
  if (match === null) return undefined;
  const [, day, time, zone = ''] = match;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const atMs = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
