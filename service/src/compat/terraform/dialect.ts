import { z } from 'zod';
import { nothing, type HookDialect, type HookEvent, type Move } from '../change-event.js';
import { decodeJson } from '../decode-json.js';
import { linkTo } from '../link-to.js';
import { oneLine } from '../one-line.js';
import { hmacHex, isSameSecret } from '../same-secret.js';

/** By status of the run: one that was planned and changes nothing never begins. */
const MOVES: Readonly<Record<string, Move>> = {
  applying: 'begin',
  applied: 'finish',
  errored: 'cancel',
};

const notification = z.object({
  trigger: z.string(),
  run_status: z.string().nullish(),
  run_updated_at: z.iso.datetime({ offset: true }).nullish(),
});

/** Run notification of HCP Terraform and Terraform Enterprise, payload version 1, as far as it is used. */
const payload = z.object({
  payload_version: z.literal(1),
  run_url: z.string().nullish(),
  run_id: z.string().nullish(),
  run_message: z.string().nullish(),
  workspace_name: z.string().nullish(),
  organization_name: z.string().nullish(),
  notifications: z.array(notification).min(1).max(100),
});
type Payload = z.output<typeof payload>;

/** Run notifications of HCP Terraform: a change of the infrastructure, signed with HMAC-SHA512 over the body as it came. */
export const terraform: HookDialect = {
  isGenuine: ({ header, body }, secret) =>
    isSameSecret(header('x-tfe-notification-signature'), hmacHex('sha512', secret, body)),
  decode({ body }) {
    const told = decodeJson(payload, body);
    return told.notifications.flatMap((one) => decodeNotification(told, one));
  },
};

function decodeNotification(
  told: Payload,
  { trigger, run_status: status, run_updated_at: updatedAt }: Payload['notifications'][number],
): readonly HookEvent[] {
  const { run_id: runId, organization_name: organization, workspace_name: workspace } = told;
  if (trigger === 'verification' || typeof runId !== 'string') return nothing('the address is verified');
  const move = MOVES[status ?? ''];
  if (move === undefined)
    return nothing(`a run that is "${(status ?? trigger).slice(0, 100)}" changes nothing`);
  const summary = oneLine(told.run_message, 500);
  const run = oneLine(runId, 200) ?? 'unknown';
  return [
    {
      kind: 'change',
      subject: { organization: organization ?? '', workspace: workspace ?? '' },
      key: run,
      move,
      ...(typeof updatedAt === 'string' ? { atMs: Date.parse(updatedAt) } : {}),
      reason: `the run ${run} is ${status ?? trigger}`,
      release: {
        version: run,
        strategy: 'all-at-once',
        change: { kind: 'infra', ...(summary === undefined ? {} : { summary }) },
        labels: { 'terraform/run': run },
        links: linkTo('Run', told.run_url),
      },
    },
  ];
}
