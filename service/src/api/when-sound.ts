import type { z } from 'zod';

/**
 * Lets a check across fields run once those that it looks at are in order, so that everything that is wrong is said at once: by itself
 * zod keeps such checks back until nothing else is wrong.
 * @param fields names of the fields that the check reads
 * @example schema.superRefine(checkTimes, whenSound('interval', 'watch'))
 */
export function whenSound(...fields: readonly string[]): {
  readonly when: (payload: z.core.ParsePayload) => boolean;
} {
  return {
    when: ({ issues }) =>
      issues.every(({ code, path = [] }) =>
        // An unknown key leaves the known ones as they are.
        path.length === 0 ? code === 'unrecognized_keys' : !fields.includes(String(path[0])),
      ),
  };
}
