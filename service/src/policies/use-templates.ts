import { z } from 'zod';
import { closestKey } from '../api/closest-key.js';
import { FOR_PEOPLE, fieldErrors, type FieldError } from '../api/field-errors.js';
import { lineOfText } from '../api/scalars.js';
import { optional, strictObject } from '../api/strict-object.js';
import { fillTemplate } from './fill-template.js';
import { parameterSchema, type Template } from './template-schema.js';
import type { Templates } from './templates.js';

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

/** One entry of `use`: a template, its parameters, and what this policy wants otherwise. */
export const templateUse = strictObject({
  template: z.string(),
  with: z.record(z.string(), z.unknown()).default({}),
  as: optional(lineOfText(50)).meta({
    description: 'Put before the name of each metric, so that a template can be used twice.',
  }),
  without: z.array(z.string()).default([]).meta({ description: 'Metrics of the template to leave out.' }),
  change: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .meta({ description: 'By name of a metric of the template: fields to set otherwise.' }),
});
type TemplateUse = z.output<typeof templateUse>;

/** A policy whose uses of templates were replaced by metrics. */
export interface Expansion {
  readonly value: Fields;
  readonly errors: readonly FieldError[];
  /** Where in the document as written something of `value` comes from. */
  readonly writtenAt: (path: Path) => Path;
}

interface UsedMetric {
  readonly metric: Fields;
  readonly writtenAt: (path: Path) => Path;
}

/** Puts the metrics of the used templates before the policy's own. */
export function expandTemplates(written: Fields, templates: Templates): Expansion {
  const { use, ...value } = written;
  const own = value['metrics'] ?? [];
  if (use === undefined || !Array.isArray(own)) return { value, errors: [], writtenAt: (path) => path };
  if (!Array.isArray(use))
    return {
      value,
      errors: [
        { path: ['use'], detail: 'must be a list of templates', remedy: 'write "use: [{ template: … }]"' },
      ],
      writtenAt: (path) => path,
    };
  const parts = use.map((entry: unknown, index) => expandOne(entry, ['use', index], templates));
  const used = parts.flatMap((part) => part.metrics);
  return {
    value: { ...value, metrics: [...used.map((each) => each.metric), ...(own as unknown[])] },
    errors: parts.flatMap((part) => part.errors),
    writtenAt: ([first, index, ...rest]) => {
      if (first !== 'metrics' || typeof index !== 'number')
        return index === undefined ? [first ?? ''] : [first ?? '', index, ...rest];
      return used[index]?.writtenAt(rest) ?? ['metrics', index - used.length, ...rest];
    },
  };
}

interface Part {
  readonly metrics: readonly UsedMetric[];
  readonly errors: readonly FieldError[];
}

function expandOne(entry: unknown, path: Path, templates: Templates): Part {
  const use = templateUse.safeParse(entry, FOR_PEOPLE);
  if (!use.success) return { metrics: [], errors: under(path, fieldErrors(use.error)) };
  const template = templates.get(use.data.template);
  if (template === undefined)
    return {
      metrics: [],
      errors: [
        { path: [...path, 'template'], ...unknown(use.data.template, 'template', [...templates.keys()]) },
      ],
    };
  const given = parameterSchema(template).safeParse(use.data.with, FOR_PEOPLE);
  const named = checkNamed(use.data, template, path);
  if (!given.success)
    return { metrics: [], errors: [...under([...path, 'with'], fieldErrors(given.error)), ...named] };
  const metrics = fillTemplate(template, given.data)
    .filter((metric) => !use.data.without.includes(nameOf(metric)))
    .map((metric) => changed(metric, use.data, path));
  return { metrics, errors: named };
}

function changed(metric: Fields, { change, as }: TemplateUse, path: Path): UsedMetric {
  const name = nameOf(metric);
  const own = Object.hasOwn(change, name) ? change[name] : undefined;
  const named = { ...metric, ...own };
  return {
    metric: as === undefined ? named : { ...named, name: `${as}: ${nameOf(named)}` },
    writtenAt: ([field, ...rest]) =>
      own !== undefined && field !== undefined && Object.hasOwn(own, field)
        ? [...path, 'change', name, field, ...rest]
        : path,
  };
}

/** Metrics that `without` and `change` name and the template does not have. */
function checkNamed({ without, change }: TemplateUse, template: Template, path: Path): readonly FieldError[] {
  const names = template.metrics.map(nameOf);
  const of = `metric of ${template.template}`;
  return [
    ...without.flatMap((name, index) =>
      names.includes(name) ? [] : [{ path: [...path, 'without', index], ...unknown(name, of, names) }],
    ),
    ...Object.keys(change).flatMap((name) =>
      names.includes(name) ? [] : [{ path: [...path, 'change', name], ...unknown(name, of, names) }],
    ),
  ];
}

function nameOf(metric: Fields): string {
  return typeof metric['name'] === 'string' ? metric['name'] : '';
}

function unknown(
  value: string,
  what: string,
  known: readonly string[],
): Pick<FieldError, 'detail' | 'remedy'> {
  const closest = closestKey(value, known);
  return {
    detail: `there is no ${what} "${value.slice(0, 100)}"`,
    remedy: closest === undefined ? `use one of ${known.join(', ')}` : `did you mean "${closest}"?`,
  };
}

function under(path: Path, errors: readonly FieldError[]): readonly FieldError[] {
  return errors.map((error) => ({ ...error, path: [...path, ...error.path] }));
}
