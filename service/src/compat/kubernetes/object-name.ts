import { z } from 'zod';

/** Name of a Kubernetes object or namespace: a DNS subdomain. */
export const objectName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
    'is no name of a Kubernetes object; use lower-case letters, digits, dashes and dots',
  );
