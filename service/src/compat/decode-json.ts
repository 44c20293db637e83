import type { z } from 'zod';
import { fieldErrors, jsonPointer } from '../api/field-errors.js';
import { HookError } from './change-event.js';

/** A body of JSON that fits a schema. @throws HookError naming the field */
export function decodeJson<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.output<Schema> {
  return decodeValue(schema, parse(body));
}

/** @throws HookError naming the field */
export function decodeValue<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [first] = fieldErrors(result.error);
  throw new HookError(first?.detail ?? 'is not understood', jsonPointer(first?.path ?? []));
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new HookError('is not JSON; send the message as application/json');
  }
}
