import { z } from 'zod';
import { objectName } from './object-name.js';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastUpdateTime: z.string().nullish(),
});

const container = z.object({ name: z.string(), image: z.string().nullish() });

/** A Deployment of apps/v1 or a Rollout of argoproj.io/v1alpha1, as far as it is used. */
export const workload = z.object({
  kind: z.string().nullish(),
  metadata: z.object({
    name: objectName,
    namespace: objectName,
    uid: z.string().max(200).nullish(),
    generation: z.number().nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({
    replicas: z.number().nullish(),
    template: z
      .object({
        metadata: z.object({ labels: z.record(z.string(), z.string()).nullish() }).nullish(),
        spec: z.object({ containers: z.array(container).max(1_000).default([]) }).nullish(),
      })
      .nullish(),
    strategy: z
      .object({
        type: z.string().nullish(),
        canary: z
          .object({ steps: z.array(z.record(z.string(), z.unknown())).max(1_000).nullish() })
          .nullish(),
        blueGreen: z.unknown().optional(),
      })
      .nullish(),
  }),
  status: z
    .object({
      observedGeneration: z.union([z.number(), z.string()]).nullish(),
      replicas: z.number().nullish(),
      updatedReplicas: z.number().nullish(),
      availableReplicas: z.number().nullish(),
      conditions: z.array(condition).max(100).nullish(),
      phase: z.string().nullish(),
      message: z.string().nullish(),
      abort: z.boolean().nullish(),
      currentStepIndex: z.number().nullish(),
      currentPodHash: z.string().nullish(),
      stableRS: z.string().nullish(),
    })
    .nullish(),
});
export type Workload = z.output<typeof workload>;
