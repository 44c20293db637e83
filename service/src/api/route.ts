import type { z } from 'zod';

/** One operation of the API: its place, what goes in, what comes out. */
export interface Route {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  readonly id: string;
  readonly tag:
    | 'deployments'
    | 'verdicts'
    | 'checks'
    | 'people'
    | 'services'
    | 'samples'
    | 'administration'
    | 'operations';
  readonly summary: string;
  readonly description?: string;
  /** The role that is enough; absent: no token is needed. */
  readonly role?: 'viewer' | 'pipeline' | 'operator' | 'admin';
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly bodyRequired?: boolean;
  readonly success: 200 | 201 | 202;
  /** Absent where the answer is not JSON. */
  readonly response?: z.ZodType;
  readonly responseType?: 'text/event-stream' | 'text/plain';
  readonly describes: string;
  /** Takes `If-Match` with the revision of the deployment. */
  readonly conditional?: boolean;
  /** Statuses beyond those that every operation of its kind has. */
  readonly also?: readonly (304 | 404 | 409 | 429 | 503 | 507)[];
}
