import { z } from 'zod';
import { optional, strictObject } from '../api/strict-object.js';
import { secretReference } from './secret.js';

const scope = z.string().min(1).max(128).default('*');

/** A Grafana in which deployments are written down as annotations. */
export const annotationConfig = strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name; use lower-case letters, digits and dashes'),
  /** Grafana's root URL. */
  url: z.url(),
  /** Of a service account with annotations:read, annotations:create and annotations:write. */
  token: secretReference,
  project: scope,
  service: scope,
  environment: scope,
  /** Only on this dashboard; default: found by tag on every dashboard. */
  dashboardUID: optional(z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not the uid of a dashboard')),
  /** Only on this panel of it. */
  panelId: optional(z.int().min(1)),
  /** Added to the tags of every annotation. */
  tags: z.array(z.string().min(1).max(100)).max(20).default([]),
}).refine(({ dashboardUID, panelId }) => panelId === undefined || dashboardUID !== undefined, {
  path: ['panelId'],
  error: 'stands without a dashboard; give "dashboardUID" too',
});
