import { z } from 'zod';

/** Schemas that have a name in the OpenAPI document, and are referred to by it. */
export const NAMED = z.registry<{ id: string }>();

export function named<const Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  NAMED.add(schema, { id });
  return schema;
}
