/**
 * `node tools/rules/records.ts` checks the lists under `rules/records/` and
 * writes `rules/records/update.json`, our own database for what records look
 * for. The number rises when the content changes; the digest is over
 * everything but number and date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { digestOf } from '@avow/bytes';
import { type RecordRules, type Word, WordFinder } from '@avow/examine/record';

const FOLDER = new URL('../../rules/records/', import.meta.url);

interface Entry {
  readonly id: string;
  readonly language?: string;
  readonly feature?: string;
  readonly texts?: readonly string[];
  readonly matches?: readonly string[];
  readonly misses?: readonly string[];
  readonly samples?: readonly string[];
  readonly names?: readonly string[];
  readonly action?: string;
  readonly says?: string;
}

function entriesOf(list: string): readonly Entry[] {
  return JSON.parse(readFileSync(new URL(`${list}.json`, FOLDER), 'utf8')).entries;
}

const LEGACY: Readonly<Record<string, readonly string[]>> = {
  ru: ['windows-1251', 'koi8-r', 'ibm866'],
  uk: ['windows-1251', 'koi8-u'],
  bg: ['windows-1251'],
  sr: ['windows-1251', 'windows-1250'],
  pl: ['windows-1250'],
  cs: ['windows-1250'],
  sk: ['windows-1250'],
  hu: ['windows-1250'],
  ro: ['windows-1250'],
  el: ['windows-1253'],
  tr: ['windows-1254'],
  he: ['windows-1255'],
  ar: ['windows-1256'],
  fa: ['windows-1256'],
  zh: ['gbk', 'big5'],
  ja: ['shift_jis', 'euc-jp'],
  ko: ['euc-kr'],
};

/** What characters an encoding has, by decoding every one- and two-byte sequence. */
function encoderOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const table = new Map<string, number[]>();
  const enter = (bytes: number[]) => {
    try {
      const text = decoder.decode(Uint8Array.from(bytes));
      if ([...text].length === 1 && !table.has(text)) table.set(text, bytes);
    } catch {
      // no character of this encoding
    }
  };
  for (let first = 0; first < 256; first++) enter([first]);
  for (let first = 0x80; first < 256; first++)
    for (let second = 0x40; second < 256; second++) enter([first, second]);
  return table;
}

const encoders = new Map<string, ReadonlyMap<string, readonly number[]>>();

function encoded(text: string, encoding: string): number[] | undefined {
  let table = encoders.get(encoding);
  if (table === undefined) encoders.set(encoding, (table = encoderOf(encoding)));
  const bytes: number[] = [];
  for (const char of text) {
    const of = table.get(char);
    if (of === undefined) return undefined;
    bytes.push(...of);
  }
  return bytes;
}

function patternsOf(text: string, language: string | undefined): string[] {
  const isAscii = /^[\0-\x7f]*$/.test(text);
  const first = text.slice(0, 1);
  const forms = isAscii
    ? [text.toLowerCase()]
    : [text, text.toLowerCase(), text.toUpperCase(), first.toUpperCase() + text.slice(1)];
  const patterns = new Set<string>();
  for (const form of forms) {
    patterns.add(Buffer.from(form, 'utf8').toString('hex'));
    patterns.add(Buffer.from(form, 'utf16le').toString('hex'));
    if (isAscii) continue;
    for (const encoding of LEGACY[language ?? ''] ?? ['windows-1252']) {
      const bytes = encoded(form, encoding);
      if (bytes !== undefined && bytes.length > 3) patterns.add(Buffer.from(bytes).toString('hex'));
    }
  }
  return [...patterns].sort();
}

const lists = ['keyword', 'credential', 'document'] as const;
const words: Word[] = lists.flatMap((list) =>
  entriesOf(list).flatMap(({ id, texts = [], feature, language }) =>
    texts.map(
      (text) =>
        ({
          id,
          list,
          text,
          ...(feature === undefined ? {} : { feature }),
          patterns: patternsOf(text, language),
        }) as Word,
    ),
  ),
);

function faults(): string[] {
  const finder = new WordFinder(words);
  const found = (text: string, id: string) =>
    (finder.findInText(text) ?? []).some((index) => words[index]!.id === id);
  return lists.flatMap((list) =>
    entriesOf(list).flatMap(({ id, matches = [], misses = [] }) => [
      ...(matches.length === 0 || misses.length === 0 ? [`${id}: no case`] : []),
      ...matches.filter((text) => !found(text, id)).map((text) => `${id} misses ${text}`),
      ...misses.filter((text) => found(text, id)).map((text) => `${id} takes ${text}`),
    ]),
  );
}

function namesOf(list: string, id: string): readonly string[] {
  return entriesOf(list).find((entry) => entry.id === id)?.names ?? [];
}

const problems = faults();
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
const content = {
  words,
  probes: entriesOf('pii').map(({ id, says, samples }) => ({ id, says, samples })),
  plain: entriesOf('plain').flatMap(({ samples = [] }) => samples),
  scriptlets: entriesOf('scriptlet').map(({ id, action, names, says }) => ({
    id,
    action,
    names,
    says,
  })),
  securityHeaders: namesOf('security-header', 'security-header.names'),
  grantingHeaders: namesOf('security-header', 'security-header.granting'),
  plainValues: namesOf('plain-value', 'plain-value.names'),
  securityNames: entriesOf('security-name').flatMap(({ names = [] }) => names),
};
const digest = digestOf(JSON.stringify(content));
const file = new URL('update.json', FOLDER);
const before = readBefore();
const isSame = before?.digest === digest;
const update = {
  schema: 'avow.record-rules/1',
  update: isSame ? before.update : (before?.update ?? 0) + 1,
  date: isSame ? before.date : new Date().toISOString().slice(0, 10),
  digest,
  ...content,
} as RecordRules;
if (process.argv.includes('--check')) {
  if (!isSame) {
    console.error('rules/records/update.json is not what the lists make: run npm run rules');
    process.exit(1);
  }
} else writeFileSync(file, printed(update));
console.log(`update ${update.update}: ${words.length} words, ${digest}`);

function readBefore(): RecordRules | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** One row a line, so that a change shows as what it is. */
function printed({ words: rows, ...rest }: RecordRules): string {
  const head = JSON.stringify(rest, null, 1).slice(0, -2);
  return `${head},\n "words": [\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n ]\n}\n`;
}
