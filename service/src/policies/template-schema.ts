import { z } from 'zod';
import { duration } from '../api/duration.js';
import { lineOfText, prose } from '../api/scalars.js';
import { metricName, sourceName } from '../api/signal.js';
import { optional, strictObject } from '../api/strict-object.js';

const MATCHER = String.raw`[A-Za-z_][A-Za-z0-9_]*\s*(=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"`;
const MATCHERS = new RegExp(String.raw`^\s*(?:${MATCHER}(?:\s*,\s*${MATCHER})*\s*)?$`);

const matchers = z
  .string()
  .max(2_000)
  .regex(MATCHERS, 'are no label matchers; write them as job="cart", zone=~"eu-.*"')
  .meta({ description: 'Label matchers as in PromQL, without the braces.' });

/** What a value of each type must be. */
const types = {
  source: sourceName.meta({ description: 'Name of a configured source.' }),
  matchers,
  label: z
    .string()
    .max(128)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a label name; use letters, digits and _'),
  metric: metricName,
  pattern: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[^"\\]*$/, 'is not a pattern that can stand between quotes; leave out " and \\'),
  number: z.number(),
  share: z.number().gt(0).lt(1),
  duration: z.string().refine((text) => duration.safeParse(text).success, {
    error: 'is not a duration; write it as "30s", "5m", "2h", "7d" or "500ms"',
  }),
} as const;
export type ParameterType = keyof typeof types;

const parameter = strictObject({
  type: z.enum(Object.keys(types) as [ParameterType, ...ParameterType[]]),
  describes: lineOfText(300),
  /** Without a default it may be left out, and what names it falls away, unless it is required. */
  default: optional(z.union([z.string(), z.number()])),
  required: z.boolean().default(false),
});

/** A template as it lies in its file. Strings of its metrics may hold `${parameter}`. */
export const templateFile = strictObject({
  template: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name; use lower-case letters, digits and dashes'),
  title: lineOfText(100),
  describes: prose(1_000),
  /** Whose metrics these are: exporter and, where it matters, version. */
  exporter: lineOfText(300),
  parameters: z.record(z.string().regex(/^[a-z][A-Za-z]*$/), parameter),
  metrics: z.array(z.record(z.string(), z.unknown())).min(1),
});
export type Template = z.output<typeof templateFile>;

/** The values that a use of a template may give it: typed, with its defaults, unknown ones refused. */
export function parameterSchema({
  parameters,
}: Template): z.ZodType<Readonly<Record<string, string | number>>> {
  const shape = Object.entries(parameters).map(([name, { type, describes, default: fallback, required }]) => {
    const schema: z.ZodType<string | number> = types[type];
    const about = { description: describes, ...(fallback === undefined ? {} : { default: fallback }) };
    return [name, required ? schema.meta(about) : schema.optional().meta(about)] as const;
  });
  return strictObject(Object.fromEntries(shape)) as unknown as z.ZodType<
    Readonly<Record<string, string | number>>
  >;
}
