import { isSeq, parseDocument, stringify } from 'yaml';
import { type FeatureId, isFeatureId, VOCABULARY } from '../vocabulary.ts';
import type { DatabaseEntry, Declaration, Entry, Promised } from './declaration.ts';
import { DEEDS, featuresOf, SOURCES, wildcardsOf } from './words.ts';

/** The fields of an entry that are there, in the order in which they are written. */
export type EntryFields = Partial<Omit<Entry, 'spot' | 'named'> & Omit<DatabaseEntry, 'spot'>>;

const ORDER = [
  'name',
  'database',
  'actions',
  'targets',
  'data',
  'from',
  'does',
  'to',
  'by',
  'when',
  'gate',
  'only',
  'except',
  'for',
  'kept',
] as const;

const OPTIONS = { lineWidth: 100, flowCollectionPadding: false } as const;

/** One entry as a YAML list item, empty fields left out, one-item lists as the item. */
export function printEntry(fields: EntryFields): string {
  const parts: string[] = [];
  for (const key of ORDER) {
    const value = fields[key as keyof EntryFields];
    if (value === undefined || value.length === 0) continue;
    parts.push(parts.length === 0 ? '- ' : '  ', key, ':', printValue(key, value), '\n');
  }
  return parts.join('');
}

/** A text or a list of texts; lists that are long go below one another. */
function printValue(key: string, value: string | readonly string[]): string {
  if (typeof value === 'string') return ` ${printText(value)}`;
  const words = key === 'data' || key === 'does' ? folded(value as readonly FeatureId[]) : value;
  if (words.length === 1) return ` ${printText(words[0]!)}`;
  const items = words.map(printText);
  const line = `[${items.join(', ')}]`;
  return line.length <= MAX_LINE ? ` ${line}` : items.map((item) => `\n    - ${item}`).join('');
}

/** As it stands where YAML reads it back as that text, else in quotes. */
function printText(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : quotedText(text);
}

/**
 * In the quotes of JSON, which are YAML's as well. What would not be seen, or
 * would turn what is seen around, is an escape: a draft is for people to review.
 */
export function quotedText(text: string): string {
  return JSON.stringify(text).replaceAll(
    UNSEEN,
    (character) => `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`,
  );
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/gu;

const MAX_LINE = 80;
const PLAIN = /^[A-Za-z_/~][\w./~-]*(?::[\w./~-]+)*$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n|~)$/i;

/** What an entry or promise says, for comparison with another's: without name and purpose. */
export function printSaid(said: Entry | Promised | DatabaseEntry): string {
  const { name: _, ...rest } = said;
  return stringify(plain({ ...rest, for: undefined, kept: undefined }), OPTIONS);
}

/** The declaration as YAML that reads back as the same declaration. */
export function printDeclaration(declaration: Declaration): string {
  const { maker, product, versions, date, entries, promises, databases } = declaration;
  return stringify(
    {
      avow: 1,
      maker,
      product,
      versions: versions.length === 1 ? versions[0] : versions,
      ...(date === undefined ? {} : { date }),
      ...(entries.length === 0 ? {} : { entries: entries.map((one) => plain(unnamed(one))) }),
      ...(promises.length === 0 ? {} : { never: promises.map((one) => plain(unnamed(one))) }),
      ...(databases.length === 0 ? {} : { databases: databases.map((one) => plain(unnamed(one))) }),
    },
    OPTIONS,
  );
}

/** Drops the name that reading would give it anyway. */
function unnamed(one: Entry | Promised | DatabaseEntry): object {
  const isNumbered = /^(?:entry|promise|database) \d+$/.test(one.name);
  return isNumbered ? { ...one, name: undefined } : one;
}

function plain(fields: object): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of ORDER) {
    const value = (fields as Record<string, unknown>)[key];
    if (Array.isArray(value)) {
      const words = key === 'data' || key === 'does' ? folded(value as FeatureId[]) : value;
      if (words.length > 0) values[key] = words.length === 1 ? words[0] : words;
    } else if (value !== undefined) values[key] = value;
  }
  return values;
}

/** A whole family is written as its wildcard, if it has three words or more. */
function folded(ids: readonly FeatureId[]): readonly string[] {
  if (ids.length < 3) return ids;
  const all = VOCABULARY[ids[0]!].group === 'source' ? SOURCES : DEEDS;
  let rest: readonly string[] = ids;
  for (const wildcard of wildcardsOf(all)) {
    const family = featuresOf(wildcard, all) ?? [];
    if (family.length < 3 || !family.every((id) => rest.includes(id))) continue;
    rest = [wildcard, ...rest.filter((id) => !isFeatureId(id) || !family.includes(id))];
  }
  return rest;
}

/** What a remedy changes in a declaration's text. */
export interface Change {
  readonly add?: string;
  readonly to: 'entries' | 'databases';
  readonly except?: { readonly promises: readonly string[]; readonly ids: readonly string[] };
}

/**
 * The declaration's text with an entry added or a promise narrowed; comments
 * and order stay. The text must have been read before.
 */
export function changeDeclaration(text: string, change: Change): string {
  const document = parseDocument(text, { merge: false, uniqueKeys: false });
  if (change.add !== undefined) {
    const items = parseDocument(change.add).contents;
    const entry = document.createNode(isSeq(items) ? (items.toJSON() as unknown[])[0] : {});
    if (isSeq(document.get(change.to))) document.addIn([change.to], entry);
    else document.set(change.to, document.createNode([entry]));
  }
  for (const promise of change.except?.promises ?? []) {
    addExcept(document, promise, change.except!.ids);
  }
  return document.toString(OPTIONS);
}

function addExcept(
  document: ReturnType<typeof parseDocument>,
  promise: string,
  ids: readonly string[],
): void {
  const promises = (document.toJS() as RawPromises).never ?? [];
  const index = promises.findIndex(({ name }, at) => (name ?? `promise ${at + 1}`) === promise);
  if (index === -1) return;
  const old = promises[index]!.except ?? [];
  const list = [...(typeof old === 'string' ? [old] : old), ...ids];
  document.setIn(['never', index, 'except'], [...new Set(list)]);
}

interface RawPromises {
  readonly never?: readonly {
    readonly name?: string;
    readonly except?: string | readonly string[];
  }[];
}
