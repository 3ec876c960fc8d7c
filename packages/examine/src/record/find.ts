import { latin1Bytes, utf8Bytes } from '@avow/bytes';
import {
  AdblockRule,
  type DatabaseRecord,
  databasesIn,
  type ProductMember,
  type ValueRecord,
} from '@avow/formats/record';
import { recordsOf } from './examine.ts';
import { featuresOf } from './features.ts';
import { sayFeature } from './model.ts';
import { memberTarget, recordPlace } from './places.ts';
import type { Sight } from './sight.ts';

/** A record that may have caused what was seen. */
export interface RecordCandidate {
  readonly locator: string;
  /** How it fits, likeliest first. */
  readonly fit: 'id' | 'recipient' | 'host' | 'parent-host' | 'text' | 'encoded';
  readonly line: number;
  /** The record's text, shortened. */
  readonly evidence: string;
  readonly does: string;
}

/** What a symptom may name: taken apart once, looked for in every record. */
export interface Symptom {
  readonly text: string;
  /** Detection names, test names, sids: whole identifiers. */
  readonly ids: ReadonlySet<string>;
  readonly hosts: readonly string[];
  /** The domains above the hosts, the public suffix left out. */
  readonly parents: readonly string[];
}

/** Records given back; a symptom that fits more is no lead. */
const MAX_CANDIDATES = 60;
const MAX_EVIDENCE = 160;

const FITS: Readonly<Record<RecordCandidate['fit'], number>> = {
  id: 0,
  recipient: 1,
  host: 2,
  'parent-host': 3,
  text: 4,
  encoded: 5,
};

/** Characters that are looked at for names: what is pasted is a line or a page, not a file. */
const MAX_SYMPTOM = 4_096;

/**
 * Reads a symptom as people paste it: a host name or URL, a file name, a
 * detection name, a block page's or a log's line (`/a/b: Name FOUND`,
 * `[1:2019401:3]`, `sid:2019401`, `tests=A,B`, `rule NAME file`, a rule itself).
 */
export function readSymptom(whole: string): Symptom {
  const text = whole.slice(0, MAX_SYMPTOM);
  const ids = new Set<string>([whole.trim()]);
  for (const match of text.matchAll(/(\S+) FOUND\b/g))
    ids.add(match[1]!.replace(/\.UNOFFICIAL$/, ''));
  for (const match of text.matchAll(/(?:\[|^)(\d+:\d+)(?::\d+)?(?:\]|$)/g)) ids.add(match[1]!);
  const [sid, gid] = [/\bsid\s*[:=]\s*(\d+)/i.exec(text), /\bgid\s*[:=]\s*(\d+)/i.exec(text)];
  if (sid !== null) ids.add(`${Number(gid?.[1] ?? 1)}:${Number(sid[1])}`);
  for (const match of text.matchAll(/\b(?:rule\s+|yara:\s*|default:|YARA\.)([A-Za-z_]\w*)/g))
    ids.add(match[1]!);
  for (const match of text.matchAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g))
    ids.add(match[0]);
  for (const match of text.matchAll(/tests=([\w,\s]+)/g))
    for (const name of match[1]!.split(/[,\s]+/)) if (name !== '') ids.add(name);
  for (const match of text.matchAll(/\b[A-Za-z]\w*(?:[._-]\w+)+\b|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g))
    ids.add(match[0]);
  const hosts = [
    ...text.toLowerCase().matchAll(/(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}/g),
  ].map((match) => match[0]);
  const parents = hosts.flatMap((host) => {
    const labels = host.split('.');
    return labels.slice(1, -1).map((_label, at) => labels.slice(at + 1).join('.'));
  });
  return { text: whole.trim(), ids, hosts: [...new Set(hosts)], parents: [...new Set(parents)] };
}

/** The records of a product that may have caused `symptom`, likeliest first. */
export function findRecords(
  symptom: string,
  members: readonly ProductMember[],
  target: string,
  sight: Sight,
): RecordCandidate[] {
  const wanted = readSymptom(symptom);
  const needles = needlesOf(wanted.text);
  const found: { readonly record: DatabaseRecord; readonly fit: RecordCandidate['fit'] }[] = [];
  for (const database of databasesIn(members)) {
    for (const record of recordsOf(database)) {
      const fit = fitOf(record, wanted, needles, sight);
      if (fit !== undefined) found.push({ record: record.light(), fit });
    }
  }
  return found
    .sort((a, b) => FITS[a.fit] - FITS[b.fit])
    .slice(0, MAX_CANDIDATES)
    .map(({ record, fit }) => ({
      locator: `${memberTarget(target, record.member)} ${recordPlace(record)}`,
      fit,
      line: record.line,
      evidence: record.raw.trim().replaceAll(/\s+/g, ' ').slice(0, MAX_EVIDENCE),
      does: [...new Set(featuresOf(record, sight).map(sayFeature))].join('; '),
    }));
}

interface Needles {
  readonly plain: string;
  readonly lower: string;
  /** Lower-case hex, of one and of two bytes a character. */
  readonly hex: readonly string[];
}

function needlesOf(text: string): Needles {
  const bytes = utf8Bytes(text);
  const hex = (list: Iterable<number>) =>
    [...list].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const wide = [...text].flatMap((char) => [char.charCodeAt(0) & 0xff, char.charCodeAt(0) >> 8]);
  const plain = String.fromCharCode(...bytes.subarray(0, 4096));
  const isLong = bytes.length >= 4;
  return {
    plain,
    lower: plain.toLowerCase(),
    hex: isLong ? [hex(bytes), hex(wide), hex(latin1Bytes(text.toLowerCase()))] : [],
  };
}

function fitOf(
  record: DatabaseRecord,
  { ids, hosts, parents }: Symptom,
  { plain, lower, hex }: Needles,
  sight: Sight,
): RecordCandidate['fit'] | undefined {
  if (record.id !== '' && ids.has(record.id)) return 'id';
  // A filter has no id but its text.
  if (record.source.length === plain.length && record.source === plain) return 'id';
  const source = record.source.toLowerCase();
  const hostHit = hosts.find((host) => source.includes(host));
  const parentHit =
    hostHit === undefined ? parents.find((host) => source.includes(host)) : undefined;
  if (hostHit !== undefined || parentHit !== undefined) {
    if (
      record.format !== 'adblock' &&
      featuresOf(record, sight).some(
        ({ recipient }) => recipient !== undefined && hosts.includes(recipient),
      )
    )
      return 'recipient';
    if (hostHit !== undefined && actsOn(record, hostHit)) return 'host';
    if (parentHit !== undefined && actsOn(record, parentHit)) return 'parent-host';
    if (hostHit !== undefined) return 'text';
  }
  if (lower.length >= 3 && source.includes(lower)) return 'text';
  if (record.format === 'clamav' && hex.some((needle) => source.includes(needle))) return 'encoded';
  return undefined;
}

/** A filter whose pattern or domains name the host as a whole, not as a piece of another. */
function actsOn(record: DatabaseRecord, host: string): boolean {
  if (record instanceof AdblockRule) {
    const escaped = host.replaceAll('.', '\\.');
    return new RegExp(`(?:^|[|/.,=~@])${escaped}(?:[\\^/$,|:#*]|$)`, 'i').test(record.source);
  }
  if (record.format === 'dnr') {
    const condition = (record as ValueRecord).value['condition'] as
      | Readonly<Record<string, unknown>>
      | undefined;
    const filter = String(condition?.['urlFilter'] ?? '');
    const domains = [condition?.['requestDomains'], condition?.['initiatorDomains']].flat();
    return domains.includes(host) || filter.startsWith(`||${host}`);
  }
  return false;
}
