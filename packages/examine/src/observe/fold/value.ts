import { MAX_TEXT } from '../budget.ts';

/** Stands in a text for what is not known before the program runs. */
export const HOLE = '…';

/**
 * Between the texts that a condition decides among, while they are folded: a
 * character for private use, because ` | ` also stands in commands.
 */
export const EITHER = '\ue0fe';

/** Texts that one expression may give; more is no name any more. */
export const MAX_ALTERNATIVES = 4;

/** The texts that are decided among. */
export function alternativesOf(text: string): string[] {
  return text.includes(EITHER) ? text.split(EITHER) : [text];
}

/** One text for several, each once; undefined when they are too many. */
export function eitherOf(texts: Iterable<string>): string | undefined {
  const distinct = new Set<string>();
  for (const text of texts) for (const each of alternativesOf(text)) distinct.add(each);
  return distinct.size > MAX_ALTERNATIVES ? undefined : [...distinct].join(EITHER);
}

/** What `make` gives of each choice among the alternatives of `texts`; those of a text too many become a hole. */
export function forEach(
  texts: readonly string[],
  make: (chosen: readonly string[]) => string | undefined,
): string | undefined {
  if (!texts.some((text) => text.includes(EITHER))) return make(texts);
  let choices: string[][] = [[]];
  for (const text of texts) {
    const among = alternativesOf(text);
    const isTooMany = among.length * choices.length > MAX_ALTERNATIVES;
    const taken = isTooMany ? [HOLE] : among;
    choices = choices.flatMap((choice) => taken.map((each) => [...choice, each]));
  }
  const made = choices.map(make);
  return made.includes(undefined) ? undefined : eitherOf(made as string[]);
}

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
  const text = forEach([before ?? HOLE, after ?? HOLE], ([first, second]) => first! + second!)!;
  return text.length > MAX_TEXT ? undefined : text.replaceAll('……', HOLE);
}

export function hasHole(text: string): boolean {
  return text.includes(HOLE);
}
