import type { Declaration, Entry, Spot } from '../declaration/declaration.ts';
import type { FeatureId } from '../vocabulary.ts';

/** The forms of other makers' declarations that are read and written. */
export type Form = 'chrome' | 'vscode' | 'apple' | 'deno' | 'lavamoat' | 'cackle';

/** A declaration in another form, and what of it has no word in ours. */
export interface Imported {
  readonly form: Form;
  readonly declaration: Declaration;
  /** Words of the form that say nothing in the vocabulary: `notifications`. */
  readonly unsaid: readonly { readonly word: string; readonly line: number }[];
}

/** A declaration written in another form, and what of it that form cannot say. */
export interface Exported {
  readonly text: string;
  /** Names of entries and promises that are lost, wholly or in part. */
  readonly lost: readonly string[];
}

/** A word of a form, and what it stands for. */
export interface WordRow {
  readonly data?: readonly FeatureId[];
  readonly does?: readonly FeatureId[];
}

export type WordTable = Readonly<Record<string, WordRow>>;

/** An entry with all that it does not say left open. */
export function entryOf(name: string, spot: Spot, said: Partial<Entry>): Entry {
  const data = said.data ?? [];
  const does = said.does ?? [];
  return {
    from: [],
    to: [],
    by: [],
    when: [],
    gate: [],
    only: [],
    ...said,
    name,
    spot,
    data,
    does,
    named: new Set([...data, ...does]),
  };
}

/** All that a table can speak of. */
export function wordsOf(...tables: readonly WordTable[]): Set<FeatureId> {
  const rows = tables.flatMap((table) => Object.values(table));
  return new Set(rows.flatMap(({ data = [], does = [] }) => [...data, ...does]));
}

/**
 * The words of a table that together say what `said` says and no more: one
 * word for exactly that, else one for each feature. Undefined when some
 * feature has no word of its own.
 */
export function wordsFor(table: WordTable, said: WordRow): readonly string[] | undefined {
  const whole = wordFor(table, said.data ?? [], said.does ?? []);
  if (whole !== undefined) return [whole];
  const words = [
    ...(said.data ?? []).map((id) => wordFor(table, [id], [])),
    ...(said.does ?? []).map((id) => wordFor(table, [], [id])),
  ];
  return words.every((word) => word !== undefined) ? [...new Set(words)] : undefined;
}

function wordFor(
  table: WordTable,
  data: readonly FeatureId[],
  does: readonly FeatureId[],
): string | undefined {
  return Object.keys(table).find((word) => {
    const row = table[word]!;
    return isSame(row.data ?? [], data) && isSame(row.does ?? [], does);
  });
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

/** Unique names for entries that came from a form: the word, then `word (2)`. */
export class Names {
  readonly #seen = new Map<string, number>();

  of(word: string): string {
    const count = (this.#seen.get(word) ?? 0) + 1;
    this.#seen.set(word, count);
    return count === 1 ? word : `${word} (${count})`;
  }
}
