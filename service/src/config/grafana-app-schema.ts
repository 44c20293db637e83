import { z } from 'zod';
import { optional, strictObject } from '../api/strict-object.js';
import { GRAFANA_ROLES } from '../domain/grafana-user.js';
import { unknownValue } from './known-value.js';

const place = z.string().min(1).max(128).default('*');

const rule = strictObject({
  users: z.array(z.string().min(1).max(200)).default([]),
  grafanaRoles: z
    .array(
      z.enum(GRAFANA_ROLES, {
        error: ({ input }) => unknownValue(String(input), 'role in Grafana', GRAFANA_ROLES),
      }),
    )
    .default([]),
  project: place,
  service: place,
  environment: place,
}).refine(
  ({ users, grafanaRoles }) => users.length + grafanaRoles.length > 0,
  'names nobody; give "users" or "grafanaRoles"',
);

/** What marks a token as that of a Grafana app: who stands behind its requests, and what they may. */
export const grafanaAppConfig = strictObject({
  /** Grafana's root_url, which signs what it forwards as X-Grafana-Id. */
  url: optional(z.url()),
  /** Where this service reads Grafana's keys; default: below `url`. */
  keysUrl: optional(z.url()),
  /** Number of the organisation that people work in. */
  org: z.int().min(1).default(1),
  /** Whether X-Grafana-Context and X-Grafana-User are believed of whoever holds the token. */
  trustHeaders: z.boolean().default(false),
  /** Who may do more than read, and where; nobody by default. */
  allow: z.array(rule).max(1_000).default([]),
})
  .refine(
    ({ url, trustHeaders }) => url !== undefined || trustHeaders,
    'says nothing of how people are known; give "url" (Grafana’s root_url), or believe its headers with "trustHeaders": true',
  )
  .refine(({ url, keysUrl }) => keysUrl === undefined || url !== undefined, {
    path: ['keysUrl'],
    error: 'stands without "url"; give Grafana’s root_url too',
  });
