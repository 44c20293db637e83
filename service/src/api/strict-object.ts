import { z } from 'zod';
import { closestKey } from './closest-key.js';

/**
 * An object that refuses unknown keys and names the closest known one: `unknown field "alhpa"; did you mean "alpha"?`.
 * Several unknown keys give one line each.
 */
export function strictObject<const Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownField(key, known)).join('\n')
        : undefined,
  });
}

/** The sentence for one unknown key, detail before and remedy after the `; `. */
export function unknownField(key: string, known: readonly string[]): string {
  const closest = closestKey(key, known);
  const remedy =
    closest === undefined ? `known fields are ${known.join(', ')}` : `did you mean "${closest}"?`;
  return `unknown field "${key.slice(0, 100)}"; ${remedy}`;
}

/**
 * A key that may be absent. The OpenAPI generator only knows zod's `optional`, whose type would let `undefined` through;
 * JSON cannot carry `undefined`, so the exact type is true of everything that arrives here.
 */
export function optional<Schema extends z.ZodType>(schema: Schema): z.ZodExactOptional<Schema> {
  return schema.optional() as unknown as z.ZodExactOptional<Schema>;
}
