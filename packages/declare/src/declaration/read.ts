import { parsePurl, printPurl } from '@avow/locator';
import {
  RECORD_ACTIONS,
  RECORD_TARGETS,
  type RecordAction,
  type RecordTarget,
} from '../record-words.ts';
import { type FeatureId, isFeatureId } from '../vocabulary.ts';
import { contradictionsOf } from './contradictions.ts';
import {
  type DatabaseEntry,
  type Declaration,
  type Entry,
  MOMENTS,
  type Moment,
  type Promised,
  type Spot,
} from './declaration.ts';
import { readDocument, type Value } from './document.ts';
import {
  DATABASE_FIELDS,
  DATE,
  DECLARATION_FIELDS,
  ENTRY_FIELDS,
  GATE,
  GATE_KINDS,
  PROMISE_FIELDS,
  PURL,
} from './fields.ts';
import { FieldsReader } from './fields-reader.ts';
import { DeclarationRefused } from './refused.ts';
import { isVersionPattern } from './versions.ts';
import { DEEDS, featuresOf, SOURCES, wildcardsOf } from './words.ts';

/**
 * Reads a declaration from YAML or JSON (docs/declaration.md).
 *
 * Refuses with every fault at once, each with line, column and the nearest
 * right word: `declaration.unknown-field`, `declaration.unknown-word`,
 * `declaration.missing-field`, `declaration.wrong-type`, `declaration.value`,
 * `declaration.contradiction`, and those of `readDocument`.
 *
 * `file` is named in messages only.
 */
export function readDeclaration(text: string, file = ''): Declaration {
  const reader = new FieldsReader();
  const declaration = readTop(readDocument(text, file), reader);
  if (declaration !== undefined && reader.faults.length === 0) {
    for (const fault of contradictionsOf(declaration)) reader.faults.push(fault);
  }
  const [first, ...others] = reader.faults.sort((a, b) => a.line - b.line || a.column - b.column);
  if (declaration === undefined || first !== undefined) {
    throw new DeclarationRefused([first!, ...others], file);
  }
  return declaration;
}

function readTop(value: Value, reader: FieldsReader): Declaration | undefined {
  const fields = reader.fields(value, DECLARATION_FIELDS);
  if (fields === undefined) return undefined;
  const { avow } = fields;
  if (avow !== undefined && !(avow.kind === 'scalar' && avow.value === 1)) {
    reader.fault('declaration.value', avow, 'another version of the format', 'avow: 1');
  }
  const maker = fields.maker === undefined ? undefined : reader.text(fields.maker);
  const product = fields.product === undefined ? undefined : readProduct(fields.product, reader);
  const date = fields.date === undefined ? undefined : readDate(fields.date, reader);
  return {
    maker: maker ?? '',
    product: product ?? '',
    versions:
      fields.versions === undefined
        ? []
        : reader.matching(
            fields.versions,
            isVersionPattern,
            '"1.4.0", "1.4.*" or ">=1.4.0 <2.0.0"',
          ),
    ...(date === undefined ? {} : { date }),
    entries: readList(fields.entries, reader, readEntry),
    promises: readList(fields.never, reader, readPromise),
    databases: readList(fields.databases, reader, readDatabase),
    spots: { product: spotOf(fields.product), versions: spotOf(fields.versions) },
  };
}

function spotOf(value: Value | undefined): Spot {
  return { line: value?.line ?? 1, column: value?.column ?? 1 };
}

function readList<T extends { readonly name: string }>(
  value: Value | undefined,
  reader: FieldsReader,
  readOne: (value: Value, number: number, reader: FieldsReader) => T,
): readonly T[] {
  if (value === undefined) return [];
  const items = reader.list(value);
  const read = items.map((item, index) => readOne(item, index + 1, reader));
  const seen = new Set<string>();
  for (const [index, { name }] of read.entries()) {
    if (seen.has(name)) {
      reader.fault(
        'declaration.value',
        items[index]!,
        `the name "${name}" again`,
        'a name of its own',
      );
    }
    seen.add(name);
  }
  return read;
}

function readEntry(value: Value, number: number, reader: FieldsReader): Entry {
  const fields = reader.fields(value, ENTRY_FIELDS) ?? {};
  const data = sourcesOf(fields.data, reader);
  const does = deedsOf(fields.does, reader);
  const says = { ...optional('for', fields.for, reader), ...optional('kept', fields.kept, reader) };
  if (fields.data === undefined && fields.does === undefined && value.kind === 'map') {
    reader.fault('declaration.missing-field', value, 'neither "data" nor "does"', 'one of them');
  }
  return {
    name: nameOf(fields.name, `entry ${number}`, reader),
    spot: { line: value.line, column: value.column },
    data,
    from: textsOf(fields.from, reader),
    does,
    named: new Set([...textsIn(fields.data), ...textsIn(fields.does)].filter(isFeatureId)),
    to: textsOf(fields.to, reader),
    by: textsOf(fields.by, reader),
    when:
      fields.when === undefined ? [] : reader.words<Moment>(fields.when, within(MOMENTS), MOMENTS),
    gate:
      fields.gate === undefined
        ? []
        : reader.matching(
            fields.gate,
            (text) => GATE.test(text),
            `${GATE_KINDS.join(':, ')}: and a name`,
          ),
    only: textsOf(fields.only, reader),
    ...says,
  };
}

function readPromise(value: Value, number: number, reader: FieldsReader): Promised {
  const fields = reader.fields(value, PROMISE_FIELDS) ?? {};
  if (fields.data === undefined && fields.does === undefined && value.kind === 'map') {
    reader.fault('declaration.missing-field', value, 'neither "data" nor "does"', 'one of them');
  }
  return {
    name: nameOf(fields.name, `promise ${number}`, reader),
    spot: { line: value.line, column: value.column },
    data: sourcesOf(fields.data, reader),
    does: deedsOf(fields.does, reader),
    to: textsOf(fields.to, reader),
    by: textsOf(fields.by, reader),
    except: textsOf(fields.except, reader),
  };
}

function readDatabase(value: Value, number: number, reader: FieldsReader): DatabaseEntry {
  const fields = reader.fields(value, DATABASE_FIELDS) ?? {};
  const actions = Object.keys(RECORD_ACTIONS) as RecordAction[];
  const targets = Object.keys(RECORD_TARGETS) as RecordTarget[];
  return {
    name: nameOf(fields.name, `database ${number}`, reader),
    spot: { line: value.line, column: value.column },
    database: textsOf(fields.database, reader),
    actions:
      fields.actions === undefined ? [] : reader.words(fields.actions, within(actions), actions),
    targets:
      fields.targets === undefined ? [] : reader.words(fields.targets, within(targets), targets),
    to: textsOf(fields.to, reader),
    only: textsOf(fields.only, reader),
    ...optional('for', fields.for, reader),
  };
}

function within<T extends string>(words: readonly T[]): (word: string) => readonly T[] | undefined {
  return (word) => {
    const found = words.find((one) => one === word);
    return found === undefined ? undefined : [found];
  };
}

function sourcesOf(value: Value | undefined, reader: FieldsReader): readonly FeatureId[] {
  return value === undefined ? [] : featureWords(value, SOURCES, reader);
}

function deedsOf(value: Value | undefined, reader: FieldsReader): readonly FeatureId[] {
  return value === undefined ? [] : featureWords(value, DEEDS, reader);
}

function featureWords(
  value: Value,
  ids: readonly FeatureId[],
  reader: FieldsReader,
): readonly FeatureId[] {
  return reader.words(value, (word) => featuresOf(word, ids), [...ids, ...wildcardsOf(ids)]);
}

function textsOf(value: Value | undefined, reader: FieldsReader): readonly string[] {
  return value === undefined ? [] : reader.texts(value).map(({ text }) => text);
}

function textsIn(value: Value | undefined): readonly string[] {
  const items = value === undefined ? [] : value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : []));
}

function nameOf(value: Value | undefined, otherwise: string, reader: FieldsReader): string {
  return (value === undefined ? undefined : reader.text(value)) ?? otherwise;
}

function optional<K extends string>(
  key: K,
  value: Value | undefined,
  reader: FieldsReader,
): { readonly [P in K]?: string } {
  const text = value === undefined ? undefined : reader.text(value);
  return (text === undefined ? {} : { [key]: text }) as { readonly [P in K]?: string };
}

function readDate(value: Value, reader: FieldsReader): string | undefined {
  const [date] = reader.matching(value, (text) => DATE.test(text), 'a day as YYYY-MM-DD');
  return date;
}

function readProduct(value: Value, reader: FieldsReader): string | undefined {
  const expected = 'a purl without version: "pkg:npm/%40scope/name"';
  const [text] = reader.matching(value, (product) => PURL.test(product), expected);
  if (text === undefined) return undefined;
  try {
    return printPurl(parsePurl(text));
  } catch {
    reader.fault('declaration.value', value, `"${text}"`, expected);
    return undefined;
  }
}
