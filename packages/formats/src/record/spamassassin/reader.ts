import type { Why } from '@avow/bytes';
import { linesOf } from '../lines.ts';
import type { DatabaseMember, DatabaseRecord, RecordReader } from '../record.ts';
import { Conditions } from './conditions.ts';
import { ATTRIBUTES, settingKind, TESTS } from './directives.ts';
import { SpamRule, type TestAttributes } from './rule.ts';

interface SpamLine {
  readonly text: string;
  readonly number: number;
  readonly offset: number;
  readonly language: string | undefined;
  readonly word: string;
  readonly rest: string;
  readonly tooLong: number | undefined;
}

/** Lines that say something; comments off (`#` not after `\`), a language prefix apart. */
function* statements(member: DatabaseMember): Generator<SpamLine> {
  for (const { text, number, offset, size } of linesOf(member.pieces)) {
    const base = { number, offset, language: undefined, tooLong: undefined };
    if (text === undefined) {
      yield { ...base, text: '', word: '', rest: '', tooLong: size };
      continue;
    }
    const said = text.replace(/(^|[^\\])#.*$/s, '$1').trim();
    if (said === '') continue;
    const match = /^(?:lang\s+(\S+)\s+)?(\S+)\s*(.*)$/s.exec(said)!;
    yield { ...base, text, language: match[1], word: match[2]!.toLowerCase(), rest: match[3]! };
  }
}

/** The modules that `loadplugin` lines of a folder load, and what lines say of tests. */
export function spamContext(members: readonly DatabaseMember[]): {
  readonly plugins: ReadonlySet<string>;
  readonly tests: ReadonlyMap<string, TestAttributes>;
} {
  const plugins = new Set<string>();
  const attributes = new Map<string, TestAttributes>();
  for (const member of members) {
    for (const { word, rest, language } of statements(member)) {
      if (word === 'loadplugin' || word === 'tryplugin') plugins.add(rest.split(/\s/)[0]!);
      if (language !== undefined || !ATTRIBUTES.has(word)) continue;
      const [name, ...value] = rest.split(/\s+/);
      if (name === undefined || !/^(?:score|describe|tflags)$/.test(word)) continue;
      const known = attributes.get(name) ?? {};
      known[word as keyof TestAttributes] = value.join(' ');
      attributes.set(name, known);
    }
  }
  return { plugins, tests: attributes };
}

/**
 * Tests and settings of a SpamAssassin `.cf` or `.pre` file.
 *
 * A record is a line that defines a test or sets something; `score`,
 * `describe` and `tflags` belong to their test's record. A word that is not
 * known is a record not understood.
 */
export const spamassassinReader: RecordReader = {
  format: 'spamassassin',
  *read(member, database) {
    const conditions = new Conditions(database.plugins);
    for (const line of statements(member)) {
      if (line.tooLong !== undefined) {
        const record = settingOf(member.path, line, 'unknown', false);
        record.unknown = {
          code: 'record.line-too-long',
          message: `a line of ${line.tooLong} bytes`,
        };
        yield record;
      } else if (!conditions.take(line.word, line.rest) && !ATTRIBUTES.has(line.word)) {
        if (TESTS.has(line.word)) yield testOf(member.path, line, conditions.holds, database.tests);
        else yield settingOf(member.path, line, line.word, conditions.holds);
      }
    }
  },
};

function testOf(
  path: string,
  line: SpamLine,
  enabled: boolean,
  attributes: ReadonlyMap<string, TestAttributes> | undefined,
): DatabaseRecord {
  const [, id = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(line.rest) ?? [];
  const parts = { kind: line.word, id, rest, isTest: true, enabled };
  const record = new SpamRule(path, line.number, line.offset, line.text, parts, attributes);
  record.unknown = testFault(record);
  return record;
}

function testFault(record: SpamRule): Why | undefined {
  const fits = /^[A-Za-z_]\w*$/.test(record.id) && record.rest !== '';
  if (!fits) return { code: 'spamassassin.line', message: `no name or nothing to test` };
  if (!/^(?:body|rawbody|full|uri|header|mimeheader)$/.test(record.kind)) return undefined;
  const isRead =
    record.call !== undefined ||
    record.regex !== undefined ||
    /^exists:/.test(record.rest) ||
    /^eval:\w+\s*$/.test(record.rest);
  return isRead
    ? undefined
    : { code: 'spamassassin.line', message: 'no regular expression, no call' };
}

function settingOf(path: string, line: SpamLine, kind: string, enabled: boolean): DatabaseRecord {
  const id = line.rest === '' ? line.word : `${line.word} ${line.rest.split(/\s+/)[0]}`;
  const parts = { kind, id, rest: line.rest, isTest: false, enabled };
  const record = new SpamRule(path, line.number, line.offset, line.text, parts);
  if (settingKind(line.word) === undefined && line.language === undefined)
    record.unknown = { code: 'spamassassin.line', message: `setting ${JSON.stringify(kind)}` };
  return record;
}
