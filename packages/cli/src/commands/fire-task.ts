import {
  AdblockRule,
  ClamRecord,
  contentText,
  type DatabaseRecord,
  SpamRule,
  SuricataRule,
  YaraRule,
} from '@avow/formats/record';

/** What the child is to try on the file. Texts of one character a byte. */
export type FireTask =
  | { readonly engine: 'yara-x'; readonly source: string; readonly rule: string }
  | {
      readonly engine: 'patterns';
      readonly patterns: readonly FirePattern[];
      readonly needs: 'any' | 'all';
    };

export interface FirePattern {
  readonly name: string;
  readonly regex: string;
  readonly flags: string;
}

/** One place where a pattern matched. */
export interface FireMatch {
  readonly pattern: string;
  readonly offset: number;
  readonly length: number;
}

export interface FireResult {
  readonly fires: boolean;
  readonly matches: readonly FireMatch[];
  /** Why it could not be tried. */
  readonly fault?: string;
}

/**
 * How a record can be tried on a file: YARA rules and ClamAV body signatures
 * by yara-x, patterns of SpamAssassin, Suricata and adblock lists as regular
 * expressions. A text says why there is no way.
 */
export function fireTaskOf(record: DatabaseRecord, memberText: string): FireTask | string {
  if (record instanceof YaraRule) return yaraTask(record, memberText);
  if (record instanceof ClamRecord) return clamTask(record);
  if (record instanceof SpamRule) {
    const { regex } = record;
    if (regex === undefined) return `${record.kind} ${record.id} has no pattern of its own`;
    return patterns([{ name: record.id, regex: regex.source, flags: regex.flags }], 'any');
  }
  if (record instanceof SuricataRule) return suricataTask(record);
  if (record instanceof AdblockRule) return adblockTask(record);
  return `records of ${record.format} match events or requests, not files`;
}

function patterns(list: readonly FirePattern[], needs: 'any' | 'all'): FireTask {
  return { engine: 'patterns', patterns: list, needs };
}

/** The rule with the imports of its file and the rules that it names, in their order. */
function yaraTask(rule: YaraRule, memberText: string): FireTask {
  const imports = memberText.match(/^[ \t]*import[ \t]+"[^"\n]+"/gm) ?? [];
  return {
    engine: 'yara-x',
    source: `${[...new Set(imports)].join('\n')}\n${rule.source}`,
    rule: rule.id,
  };
}

/** A body signature in YARA's hex syntax; offsets of the signature are left to the reader. */
function clamTask(record: ClamRecord): FireTask | string {
  const bodies =
    record.shape === 'body'
      ? [record.fields()[3]!]
      : record.shape === 'logical'
        ? record.fields().slice(3)
        : [];
  if (bodies.length === 0)
    return `${record.kind} records are hashes or names: compare the file's own`;
  const strings: string[] = [];
  for (const [index, body] of bodies.entries()) {
    const hex = yaraHex(body.replace(/^[^:/]*:(?=[0-9a-fA-F?({])/, '').replace(/::[iwfa]+$/, ''));
    if (hex === undefined) return `subsignature ${index} has no form in YARA's syntax`;
    strings.push(`    $sub${index} = { ${hex} }`);
  }
  const rule = `rule record {\n  strings:\n${strings.join('\n')}\n  condition:\n    any of them\n}`;
  return { engine: 'yara-x', source: rule, rule: 'record' };
}

function yaraHex(body: string): string | undefined {
  if (!/^[0-9a-fA-F?*{}\-()|[\]]+$/.test(body)) return undefined;
  return body
    .replaceAll(
      /\{(\d*-?\d*)\}/g,
      (_whole, range: string) => ` [${range.startsWith('-') ? `0${range}` : range}] `,
    )
    .replaceAll('*', ' [-] ')
    .replaceAll('|', ' | ');
}

function suricataTask(rule: SuricataRule): FireTask | string {
  const list: FirePattern[] = [];
  for (const { key, value } of rule.parts.options) {
    if (value === undefined || value.startsWith('!')) continue;
    if (key === 'content')
      list.push({
        name: `content ${list.length}`,
        regex: escapedRegex(contentText(value)),
        flags: 'i',
      });
    const pcre = key === 'pcre' ? /^"?\/(.*)\/([A-Za-z]*)"?$/s.exec(value) : null;
    if (pcre !== null) list.push({ name: `pcre ${list.length}`, regex: pcre[1]!, flags: pcre[2]! });
  }
  return list.length === 0 ? 'the rule looks for no content' : patterns(list, 'all');
}

function adblockTask(rule: AdblockRule): FireTask | string {
  const { tree } = rule;
  if (tree?.type !== 'NetworkRule') return 'cosmetic filters act on pages, not on files';
  const { value } = tree.pattern;
  if (value === '') return 'the filter has no pattern';
  const regex =
    /^\/.*\/$/s.test(value) && value.length > 2 ? value.slice(1, -1) : patternRegex(value);
  return patterns([{ name: 'pattern', regex, flags: 'i' }], 'any');
}

/** `||host^` and the like as a regular expression (Adblock Plus, "Writing filters"). */
function patternRegex(pattern: string): string {
  return pattern
    .split('')
    .map((char) =>
      char === '*'
        ? '[^\\s]{0,2048}'
        : char === '^'
          ? '(?:[^\\w.%-]|$)'
          : char === '|'
            ? ''
            : escapedRegex(char),
    )
    .join('');
}

function escapedRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
