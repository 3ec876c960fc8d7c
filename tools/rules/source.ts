import { type FeatureId, isFeatureId } from '@avow/declare';
import {
  type Condition,
  patternFault,
  type Recipient,
  type Rule,
  type TableName,
  type TableRow,
} from '@avow/examine';
import { patternOf } from './patterns.ts';
import { symbolFault, symbolsOf } from './symbols.ts';

/** A snippet of code, or a text for a table's row, and what must be found in it. */
export interface Case {
  readonly code: string;
  readonly feature?: FeatureId;
  readonly recipient?: string;
  readonly language?: 'js' | 'ts' | 'jsx' | 'tsx';
  /** An engine's fault that makes the case fail today, in a sentence. */
  readonly todo?: string;
}

export interface Cased<T> {
  readonly file: string;
  readonly record: T;
  readonly matches: readonly Case[];
  readonly misses: readonly Case[];
}

export interface Source {
  readonly rules: readonly Cased<Rule>[];
  readonly rows: readonly Cased<TableRow>[];
  readonly faults: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const RULE_KEYS = ['id', 'feature', 'call', 'read', 'write', 'import', 'where', 'recipient'];
const ROW_KEYS = ['id', 'table', 'like', 'feature', 'how', 'of', 'name', 'recipient'];
const CASE_KEYS = ['matches', 'misses', 'note'];
const KINDS = ['host', 'url', 'path', 'command', 'env', 'name', 'address'];
const TABLES: readonly string[] = ['paths', 'hosts', 'env', 'commands'] satisfies TableName[];
const ID = /^[a-z0-9]+(?:[.-][a-z0-9]+)+$/;
const ARGUMENT = /^(?:-1|\d+|value|name|this|made\.(?:-1|\d+))(?:\.[\w$-]+)*$/;

/** Reads one source document; every fault in it is named, none stops the reading. */
export function readSource(file: string, document: unknown): Source {
  const faults: string[] = [];
  const reader = new SourceReader(file, faults);
  const top = reader.fields(document, ['about', 'defaults', 'rules', 'rows'], file);
  const defaults = reader.fields(top['defaults'] ?? {}, ['table', 'feature', 'how', 'of'], file);
  const withDefaults = (item: unknown) => ({ ...defaults, ...(item as Fields) });
  return {
    rules: reader.list(top['rules']).flatMap((item) => reader.rule(item)),
    rows: reader.list(top['rows']).flatMap((item) => reader.row(withDefaults(item))),
    faults,
  };
}

class SourceReader {
  readonly #file: string;
  readonly #faults: string[];

  constructor(file: string, faults: string[]) {
    this.#file = file;
    this.#faults = faults;
  }

  fields(value: unknown, keys: readonly string[], what: string): Fields {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      this.#fault(what, 'is not a mapping');
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!keys.includes(key)) this.#fault(what, `unknown key ${key}`);
    }
    return value as Fields;
  }

  list(value: unknown): readonly unknown[] {
    if (value === undefined) return [];
    return Array.isArray(value) ? value : [value];
  }

  rule(item: unknown): Cased<Rule>[] {
    const id = this.#id(item);
    const fields = this.fields(item, [...RULE_KEYS, 'refine', ...CASE_KEYS], id);
    const symbols = (key: 'call' | 'read' | 'write' | 'import') =>
      this.#symbols(fields[key], key === 'read' || key === 'write', id);
    const rule: Rule = compact({
      id,
      feature: this.#feature(fields['feature'], id),
      call: symbols('call'),
      read: symbols('read'),
      write: symbols('write'),
      import: symbols('import'),
      where: nonEmpty(this.list(fields['where']).map((one) => this.#condition(one, id))),
      recipient: this.#recipient(fields['recipient'], id),
      refine: nonEmpty(this.#texts(fields['refine']) as TableName[]),
    });
    if (!(rule.call ?? rule.read ?? rule.write ?? rule.import)) this.#fault(id, 'has no symbol');
    for (const table of rule.refine ?? []) {
      if (!TABLES.includes(table)) this.#fault(id, `no table ${table}`);
    }
    if (rule.refine !== undefined && rule.recipient === undefined) {
      this.#fault(id, 'is refined by a recipient that it does not have');
    }
    return [{ file: this.#file, record: rule, ...this.#cases(fields, id) }];
  }

  row(item: unknown): Cased<TableRow>[] {
    const id = this.#id(item);
    const fields = this.fields(item, [...ROW_KEYS, ...CASE_KEYS], id);
    const { table, like, how, name, recipient } = fields;
    if (!TABLES.includes(String(table))) this.#fault(id, `no table ${table}`);
    if (how !== 'replaces' && how !== 'adds') this.#fault(id, 'how is replaces or adds');
    if (recipient !== undefined && recipient !== 'host') this.#fault(id, 'recipient is host');
    const row = compact({
      id,
      table: table as TableName,
      like: this.#pattern(like, id),
      feature: this.#feature(fields['feature'], id),
      how: how as TableRow['how'],
      of: nonEmpty(this.#texts(fields['of']).map((feature) => this.#feature(feature, id))),
      name: name === undefined ? undefined : String(name),
      recipient: recipient as TableRow['recipient'],
    }) as TableRow;
    return [{ file: this.#file, record: row, ...this.#cases(fields, id) }];
  }

  #fault(what: string, message: string): void {
    this.#faults.push(`${this.#file}: ${what}: ${message}`);
  }

  #id(item: unknown): string {
    const id = String((item as Fields | null)?.['id']);
    if (!ID.test(id)) this.#fault(id, 'an id is dotted lower-case words');
    return id;
  }

  #feature(value: unknown, id: string): FeatureId {
    if (typeof value === 'string' && isFeatureId(value)) return value;
    this.#fault(id, `no feature ${value}`);
    return 'opaque.unanalysed';
  }

  #texts(value: unknown): string[] {
    return this.list(value)
      .flatMap((text) => String(text).split(/\s+/))
      .filter(Boolean);
  }

  #symbols(value: unknown, isRead: boolean, id: string): readonly string[] | undefined {
    const symbols = this.list(value).flatMap((text) => symbolsOf(String(text)));
    for (const symbol of symbols) {
      const fault = symbolFault(symbol, isRead);
      if (fault !== undefined) this.#fault(id, fault);
    }
    if (new Set(symbols).size !== symbols.length) this.#fault(id, 'names a symbol twice');
    return nonEmpty(symbols.sort());
  }

  #argument(value: unknown, id: string): string {
    if (!ARGUMENT.test(String(value))) this.#fault(id, `${value} is no argument path`);
    return String(value);
  }

  #pattern(value: unknown, id: string): string {
    const pattern = patternOf(String(value));
    const fault = patternFault(pattern);
    if (fault !== undefined) this.#fault(id, `${value}: ${fault}`);
    return pattern;
  }

  #condition(value: unknown, id: string): Condition {
    const fields = this.fields(value, ['at', 'is', 'like', 'unlike', 'present'], id);
    const { at, is, like, unlike, present } = fields;
    return compact({
      at: this.#argument(at, id),
      is: nonEmpty(this.list(is).map(String)),
      like: like === undefined ? undefined : this.#pattern(like, id),
      unlike: unlike === undefined ? undefined : this.#pattern(unlike, id),
      present: present === undefined ? undefined : present === true,
    });
  }

  /** `path 0 0.file` is short for `{ kind: path, from: ['0', '0.file'] }`. */
  #recipient(value: unknown, id: string): Recipient | undefined {
    if (value === undefined) return undefined;
    const [kind, ...from] = typeof value === 'string' ? value.split(/\s+/) : [];
    const fields =
      typeof value === 'string'
        ? { kind, from }
        : this.fields(value, ['kind', 'from', 'with', 'is'], id);
    if (!KINDS.includes(String(fields['kind'])))
      this.#fault(id, `no recipient kind ${fields['kind']}`);
    const paths = (key: string) =>
      nonEmpty(this.#texts(fields[key]).map((path) => this.#argument(path, id)));
    return compact({
      kind: fields['kind'] as Recipient['kind'],
      from: paths('from'),
      with: paths('with'),
      is: fields['is'] === undefined ? undefined : String(fields['is']),
    });
  }

  #cases(fields: Fields, id: string): Pick<Cased<unknown>, 'matches' | 'misses'> {
    const read = (key: string): Case[] => {
      const cases = this.list(fields[key]).map((item) => this.#case(item, id));
      if (cases.length === 0) this.#fault(id, `has no case under ${key}`);
      return cases;
    };
    return { matches: read('matches'), misses: read('misses') };
  }

  #case(item: unknown, id: string): Case {
    if (typeof item === 'string') return { code: item };
    const fields = this.fields(item, ['code', 'feature', 'recipient', 'language', 'todo'], id);
    if (fields['feature'] !== undefined) this.#feature(fields['feature'], id);
    return compact({ ...fields, code: String(fields['code']) }) as Case;
  }
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Without the keys whose value is undefined. */
function compact<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
