import { z } from 'zod';
import { CONFIG } from './config.ts';

/** Variables by the key that they set, `['limits', 'upload']` by `AVOW_LIMITS_UPLOAD`: made of the schema. */
export function variables(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    leaves(CONFIG, []).map((path) => [
      `AVOW_${path.map((part) => part.replaceAll(/([A-Z])/g, '_$1').toUpperCase()).join('_')}`,
      path,
    ]),
  );
}

/** Names that other addresses of the service have by habit. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  AVOW_DATABASE_URL: ['database'],
};

function leaves(schema: z.ZodType, path: readonly string[]): (readonly string[])[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, one]) =>
      leaves(one as z.ZodType, [...path, key]),
    );
  }
  return inner instanceof z.ZodArray ? [] : [path];
}

function bare(schema: z.ZodType): z.ZodType {
  const hasInner =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodPrefault;
  return hasInner ? bare(schema.unwrap() as z.ZodType) : schema;
}
