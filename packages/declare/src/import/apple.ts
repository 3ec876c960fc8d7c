import { parseXml, XmlElement } from '@rgrove/parse-xml';
import type { Declaration, Entry, Spot } from '../declaration/declaration.ts';
import { MAX_TEXT } from '../declaration/document.ts';
import { DeclarationRefused } from '../declaration/refused.ts';
import { DEEDS, isLeaving } from '../declaration/words.ts';
import type { FeatureId } from '../vocabulary.ts';
import { APPLE_APIS, APPLE_DATA } from './apple-words.ts';
import { type Exported, entryOf, type Imported, Names, wordsFor } from './imported.ts';

/**
 * Apple's privacy manifest, `PrivacyInfo.xcprivacy`, an XML property list.
 * docs/declarations/apple.md.
 */
type Plist = string | boolean | readonly Plist[] | PlistDict;

interface PlistDict {
  readonly spot: Spot;
  readonly values: ReadonlyMap<string, Plist>;
}

const DATA = 'NSPrivacyCollectedDataType';
const API = 'NSPrivacyAccessedAPICategory';
const MAX_DEPTH = 32;
const LEAVING = DEEDS.filter(isLeaving);

/** Refuses `import.too-large`, `import.syntax`, `import.too-deep`. */
export function importApple(text: string, file = 'PrivacyInfo.xcprivacy'): Imported {
  const root = readPlist(text, file);
  const names = new Names();
  const entries: Entry[] = [];
  const unsaid: { word: string; line: number }[] = [];
  for (const type of dictsAt(root, 'NSPrivacyCollectedDataTypes')) {
    const word = textAt(type, 'NSPrivacyCollectedDataType').replace(DATA, '');
    const row = APPLE_DATA[word];
    if (row === undefined) unsaid.push({ word, line: type.spot.line });
    else {
      const purposes = listAt(type, 'NSPrivacyCollectedDataTypePurposes').filter(isText);
      const why = purposes.map((purpose) => purpose.replace(`${DATA}Purpose`, '')).join(', ');
      const said = { ...row, does: LEAVING, ...(why === '' ? {} : { for: why }) };
      entries.push(entryOf(names.of(word), type.spot, said));
    }
  }
  for (const api of dictsAt(root, 'NSPrivacyAccessedAPITypes')) {
    const word = textAt(api, 'NSPrivacyAccessedAPIType').replace(API, '');
    const row = APPLE_APIS[word];
    if (row === undefined) unsaid.push({ word, line: api.spot.line });
    else entries.push(entryOf(names.of(`api ${word}`), api.spot, row));
  }
  const tracking = listAt(root, 'NSPrivacyTrackingDomains').filter(isText);
  if (tracking.length > 0) {
    entries.push(entryOf('tracking domains', root.spot, { does: LEAVING, to: tracking }));
  }
  const speaksOf = { features: new Set<FeatureId>(), flows: true };
  const rest = { maker: '', product: '', versions: [], promises: [], databases: [] };
  return { form: 'apple', declaration: { ...rest, entries, speaksOf }, unsaid };
}

function readPlist(text: string, file: string): PlistDict {
  const refuse = (code: string, spot: Spot, found: string): never => {
    throw new DeclarationRefused(
      [{ code, ...spot, found, expected: 'an XML property list' }],
      file,
    );
  };
  if (text.length > MAX_TEXT)
    refuse('import.too-large', { line: 1, column: 1 }, `${text.length} characters`);
  // A recursive parser is not given what would exhaust its stack.
  if ((text.match(/<(?:dict|array)\b/g) ?? []).length > 10_000) {
    refuse('import.too-deep', { line: 1, column: 1 }, 'ten thousand dictionaries');
  }
  try {
    const document = parseXml(text, { includeOffsets: true });
    const dict = document.root?.children.find((child) => child instanceof XmlElement);
    const value = dict instanceof XmlElement ? plistOf(dict, text, 0) : undefined;
    if (isDict(value)) return value;
  } catch (error) {
    const { line = 1, column = 1, message } = error as Error & Partial<Spot>;
    if (error instanceof RangeError)
      refuse('import.too-deep', { line: 1, column: 1 }, 'too many levels');
    return refuse('import.syntax', { line, column }, message.split('\n')[0]!);
  }
  return refuse('import.syntax', { line: 1, column: 1 }, 'no dictionary');
}

function plistOf(element: XmlElement, text: string, depth: number): Plist {
  if (depth > MAX_DEPTH) throw new RangeError('too deep');
  const children = element.children.filter((child) => child instanceof XmlElement);
  switch (element.name) {
    case 'dict': {
      const values = new Map<string, Plist>();
      for (let index = 0; index + 1 < children.length; index += 2) {
        values.set(children[index]!.text, plistOf(children[index + 1]!, text, depth + 1));
      }
      const before = text.slice(0, Math.max(0, element.start));
      const line = before.split('\n').length;
      return { spot: { line, column: before.length - before.lastIndexOf('\n') }, values };
    }
    case 'array':
      return children.map((child) => plistOf(child, text, depth + 1));
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      return element.text;
  }
}

function isDict(value: Plist | undefined): value is PlistDict {
  return typeof value === 'object' && 'values' in value && value.values instanceof Map;
}

function isText(value: Plist): value is string {
  return typeof value === 'string' && value !== '';
}

function listAt(dict: PlistDict, key: string): readonly Plist[] {
  const value = dict.values.get(key);
  return Array.isArray(value) ? value : [];
}

function dictsAt(dict: PlistDict, key: string): readonly PlistDict[] {
  return listAt(dict, key).filter(isDict);
}

function textAt(dict: PlistDict, key: string): string {
  const value = dict.values.get(key);
  return typeof value === 'string' ? value : '';
}

/** Writes collected types, accessed API types and tracking domains. */
export function exportApple({ entries, promises }: Declaration): Exported {
  const lost = promises.map(({ name }) => name);
  const types: string[] = [];
  const apis: string[] = [];
  const domains: string[] = [];
  for (const entry of entries) {
    const leaves = entry.does.some(isLeaving);
    if (leaves && entry.data.length === 0 && entry.to.length > 0) domains.push(...entry.to);
    else if (leaves) push(types, wordsFor(APPLE_DATA, { data: entry.data }), entry, lost);
    else push(apis, wordsFor(APPLE_APIS, entry), entry, lost);
  }
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<plist version="1.0">',
    '<dict>',
    ...list('NSPrivacyCollectedDataTypes', types, (word) =>
      dict('NSPrivacyCollectedDataType', DATA + word),
    ),
    ...list('NSPrivacyAccessedAPITypes', apis, (word) =>
      dict('NSPrivacyAccessedAPIType', API + word),
    ),
    ...list('NSPrivacyTrackingDomains', domains, (word) => `<string>${escaped(word)}</string>`),
    '</dict>',
    '</plist>',
  ].join('\n');
  return { text: `${text}\n`, lost };
}

function push(
  to: string[],
  words: readonly string[] | undefined,
  { name }: Entry,
  lost: string[],
): void {
  if (words === undefined) lost.push(name);
  else to.push(...words);
}

function list(key: string, items: readonly string[], print: (item: string) => string): string[] {
  if (items.length === 0) return [];
  return [
    `  <key>${key}</key>`,
    '  <array>',
    ...items.map((item) => `    ${print(item)}`),
    '  </array>',
  ];
}

function dict(key: string, value: string): string {
  return `<dict><key>${key}</key><string>${escaped(value)}</string></dict>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
