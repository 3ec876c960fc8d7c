import { MAX_TEXT } from '../budget.ts';

/** Stands in a text for what is not known before the program runs. */
export const HOLE = '…';

/**
 * What an expression is known to give. A text may have holes; a list may have
 * items that are not known; `undefined` is what cannot be told at all.
 */
export type Value = string | number | boolean | null | Nothing | readonly (Value | undefined)[];

/** The language's own `undefined`, told apart from "not known". */
export interface Nothing {
  readonly nothing: true;
}
export const NOTHING: Nothing = { nothing: true };

export function isList(value: Value | undefined): value is readonly (Value | undefined)[] {
  return Array.isArray(value);
}

/** As `String()` gives it; undefined for what is not known or too long. */
export function textOfValue(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value.length > MAX_TEXT ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  if (value === NOTHING) return 'undefined';
  if (!isList(value)) return undefined;
  let text = '';
  for (const [index, item] of value.entries()) {
    if (index > 0) text += ',';
    text += item === null || item === NOTHING ? '' : (textOfValue(item) ?? HOLE);
    if (text.length > MAX_TEXT) return undefined;
  }
  return text;
}

/** Two texts after each other, one of which may not be known. */
export function joined(left: Value | undefined, right: Value | undefined): string | undefined {
  const before = textOfValue(left);
  const after = textOfValue(right);
  if (before === undefined && after === undefined) return undefined;
  const text = (before ?? HOLE) + (after ?? HOLE);
  return text.length > MAX_TEXT ? undefined : text.replaceAll('……', HOLE);
}

export function hasHole(text: string): boolean {
  return text.includes(HOLE);
}
