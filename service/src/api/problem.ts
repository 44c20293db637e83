import { z } from 'zod';
import { optional } from './strict-object.js';

/** An error as it goes out: RFC 9457, with what to do about each field. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    requestId: optional(z.string()),
    errors: z
      .array(
        z.object({
          pointer: optional(z.string()).meta({ description: 'JSON pointer into the body.' }),
          parameter: optional(z.string()).meta({ description: 'Query or path parameter.' }),
          header: optional(z.string()),
          line: optional(z.int()).meta({ description: 'Line of an NDJSON body, counted from 1.' }),
          detail: z.string(),
          remedy: optional(z.string()),
        }),
      )
      .readonly(),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem details.',
    example: {
      type: 'urn:bellwether:problem:invalid-request',
      title: 'The request is not valid',
      status: 400,
      detail: '/enviroment: unknown field "enviroment"; did you mean "environment"?',
      requestId: '5f1c7a52-6f0c-4a53-9b67-0c1e1f6c8f0e',
      errors: [
        {
          pointer: '/enviroment',
          detail: 'unknown field "enviroment"',
          remedy: 'did you mean "environment"?',
        },
      ],
    },
  });

/** A problem on the wire. */
export type Problem = z.output<typeof problem>;
