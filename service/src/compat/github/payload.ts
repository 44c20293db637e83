import { z } from 'zod';

const deployment = z.object({
  id: z.int(),
  sha: z.string().regex(/^[0-9a-f]{7,64}$/i, 'is no commit; GitHub sends its SHA'),
  ref: z.string().min(1),
  task: z.string(),
  environment: z.string().min(1),
  description: z.string().nullish(),
  payload: z.unknown(),
  created_at: z.iso.datetime({ offset: true }),
});

/** Body of the webhook `deployment_status`, as far as it is used; GitHub adds fields at any time. */
export const deploymentStatusPayload = z.object({
  deployment,
  deployment_status: z.object({
    state: z.string(),
    description: z.string().nullish(),
    log_url: z.string().nullish(),
    target_url: z.string().nullish(),
    created_at: z.iso.datetime({ offset: true }),
  }),
  repository: z.object({
    full_name: z.string().min(1),
    html_url: z.string().nullish(),
  }),
});

export type DeploymentStatusPayload = z.output<typeof deploymentStatusPayload>;
