import { Refused } from '@avow/bytes';
import type { Json, JsonObject } from '@avow/log';

/** The text of a field that a move must have. Refuses `docket.needs`. */
export function textIn(data: JsonObject, field: string, says: string): string {
  const value = data[field];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw needs(says);
}

export function optionalText(data: JsonObject, field: string): string | undefined {
  const value = data[field];
  return typeof value === 'string' ? value : undefined;
}

export function textsIn(data: JsonObject, field: string): readonly string[] {
  const value = data[field];
  return Array.isArray(value) ? value.filter((one: Json) => typeof one === 'string') : [];
}

export function needs(says: string): Refused {
  return new Refused('docket.needs', undefined, says);
}
