import { Refused } from '@avow/bytes';
import type { Json, JsonObject } from '@avow/log';
import type { Act } from './event.ts';

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

/** Why a claim was turned back, each reason once; nothing for other moves. */
export function refusalsIn({ move, data }: Pick<Act, 'move' | 'data'>): readonly string[] {
  if (!/^(?:turnBack|turnBackAgain|dismiss)$/.test(move)) return [];
  return [...new Set(textsIn(data, 'reasons'))];
}
