import type { z } from 'zod';
import { FOR_PEOPLE, fieldErrors, jsonPointer } from '../api/field-errors.js';
import type { FieldError } from '../api/field-errors.js';
import { RequestError } from './request-error.js';
import type { FieldProblem } from './request-error.js';

/** More than this many errors help nobody. */
const MOST_ERRORS = 20;

/**
 * Decodes one part of a request, or names everything that is wrong with it.
 * @throws RequestError `invalid-request`
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: 'body' | 'parameters',
): z.output<Schema> {
  const result = schema.safeParse(value, FOR_PEOPLE);
  if (result.success) return result.data;
  throw invalid(fieldErrors(result.error).map((error) => placed(error, part)));
}

/** The refusal of a request with these faults; its detail is the first of them. */
export function invalid(errors: readonly FieldProblem[]): RequestError {
  const first = errors[0];
  const where = first?.pointer ?? first?.parameter ?? first?.header ?? '';
  const line = first?.line === undefined ? '' : `line ${first.line}: `;
  const remedy = first?.remedy === undefined ? '' : `; ${first.remedy}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const message = `${line}${where === '' ? 'body' : where}: ${first?.detail ?? 'is not valid'}${remedy}${more}`;
  return new RequestError('invalid-request', message, { errors: errors.slice(0, MOST_ERRORS) });
}

function placed({ path, detail, remedy }: FieldError, part: 'body' | 'parameters'): FieldProblem {
  const where = part === 'body' ? { pointer: jsonPointer(path) } : { parameter: path.join('.') };
  return { ...where, detail, ...(remedy === undefined ? {} : { remedy }) };
}
