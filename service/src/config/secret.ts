import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { strictObject } from '../api/strict-object.js';

/** Where a secret is: a file or an environment variable, never the configuration itself. */
export const secretReference = z.union(
  [strictObject({ file: z.string().min(1) }), strictObject({ env: z.string().min(1) })],
  {
    error: 'must say where the secret is; write {"file": "/path"} or {"env": "NAME"}',
  },
);
export type SecretReference = z.output<typeof secretReference>;

/** Reads a secret. @throws Error that names the place, never the content */
export function readSecret(reference: SecretReference, environment: NodeJS.ProcessEnv): string {
  if ('env' in reference) {
    const value = environment[reference.env];
    if (value === undefined || value === '')
      throw new Error(`the environment variable ${reference.env} is not set`);
    return value;
  }
  try {
    const value = readFileSync(reference.file, 'utf8').trim();
    if (value !== '') return value;
  } catch (cause) {
    throw new Error(`the secret file ${reference.file} can't be read`, { cause });
  }
  throw new Error(`the secret file ${reference.file} is empty`);
}
