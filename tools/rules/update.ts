import { globSync, readFileSync } from 'node:fs';
import { type Digest, digestOf } from '@avow/bytes';
import type { RuleUpdate } from '@avow/examine';
import { load } from 'js-yaml';
import { type Cased, readSource, type Source } from './source.ts';

/** Which digest each published update number stands for, for ever. */
export type History = Readonly<Record<string, { readonly date: string; readonly digest: Digest }>>;

export const FOLDER = new URL('../../rules/', import.meta.url);

/** All sources under `rules/`, read in the order of their names. */
export function readSources(): Source {
  const files = globSync('*/**/*.yaml', { cwd: FOLDER.pathname }).sort();
  const sources = files.map((file) =>
    readSource(file, load(readFileSync(new URL(file, FOLDER), 'utf8'), { filename: file })),
  );
  const source = {
    rules: inOrder(sources.flatMap((one) => one.rules)),
    rows: inOrder(sources.flatMap((one) => one.rows)),
  };
  return {
    ...source,
    faults: [
      ...sources.flatMap((one) => one.faults),
      ...idsTwice([...source.rules, ...source.rows]),
    ],
  };
}

/** Modules that exist only under `node:`; without it a package is meant. */
const ONLY_WITH_SCHEME = new Set(['sea', 'sqlite', 'test', 'test/reporters']);

/** Node's built-in modules and what they export, as pinned. */
export function readBuiltins(): Readonly<Record<string, readonly string[]>> {
  return JSON.parse(readFileSync(new URL('tables/builtins.json', FOLDER), 'utf8')).modules;
}

export function readHistory(): History {
  return JSON.parse(readFileSync(new URL('history.json', FOLDER), 'utf8'));
}

/**
 * The update that the sources make. A digest that was published keeps its
 * number and date; another gets the next number and `today`.
 */
export function makeUpdate(source: Source, history: History, today: string): RuleUpdate {
  const rules = source.rules.map(({ record }) => record);
  const tables = source.rows.map(({ record }) => record);
  const builtins = Object.keys(readBuiltins()).filter((name) => !ONLY_WITH_SCHEME.has(name));
  const digest = digestOf(canonical({ builtins, rules, tables }));
  const known = Object.entries(history).find(([, entry]) => entry.digest === digest);
  const update = known ? Number(known[0]) : Math.max(0, ...Object.keys(history).map(Number)) + 1;
  const date = known ? known[1].date : today;
  return { schema: 'avow.rules/1', update, date, digest, builtins, rules, tables };
}

/** As the file holds it: a record a line, so that a diff shows records. */
export function printUpdate(update: RuleUpdate): string {
  const { rules, tables, ...head } = update;
  const lines = (records: readonly object[]) =>
    `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]`;
  const top = JSON.stringify(head).slice(0, -1);
  return `${top},\n"rules":${lines(rules)},\n"tables":${lines(tables)}}\n`;
}

/** JSON with sorted keys and no blanks; absent values are left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

function inOrder<T extends { readonly id: string }>(records: readonly Cased<T>[]): Cased<T>[] {
  return records.toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1));
}

function idsTwice(records: readonly Cased<{ readonly id: string }>[]): string[] {
  const seen = new Set<string>();
  return records
    .filter(({ record }) => seen.has(record.id) || !seen.add(record.id))
    .map(({ file, record }) => `${file}: ${record.id}: another record has this id`);
}
