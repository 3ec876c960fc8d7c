import { latin1Text } from '@avow/bytes';
import { clamDatabase, isClamContainer } from './clamav/database.ts';
import { CLAMAV_TRUST, type ClamTrust } from './clamav/keys.ts';
import { CLAM_KINDS, readClamLine } from './clamav/kinds.ts';
import { extensionOf } from './clamav/lines.ts';
import type { FoundDatabase, ProductMember } from './found.ts';
import { opaqueSortOf } from './opaque/sorts.ts';
import type { DatabaseContext, DatabaseMember, RecordFormat } from './record.ts';
import { NO_CONTEXT } from './record.ts';
import { ATTRIBUTES, settingKind, TESTS } from './spamassassin/directives.ts';
import { spamContext } from './spamassassin/reader.ts';
import { ACTIONS } from './suricata/rule.ts';
import { updateOf } from './update.ts';

/** Enough of a file to tell a format by. */
const HEAD_BYTES = 32 * 1024;

/**
 * The database updates among a product's members, and which members they are
 * made of. A member that is no database is in none. `trust`: what signatures
 * of ClamAV files are held against.
 */
export function databasesIn(
  members: readonly ProductMember[],
  trust: ClamTrust = CLAMAV_TRUST,
): FoundDatabase[] {
  const groups = new Map<
    string,
    { format: RecordFormat; path: string; members: ProductMember[] }
  >();
  const found: FoundDatabase[] = [];
  for (const member of members) {
    if (member.bytes.length === 0) continue;
    if (isClamContainer(member)) {
      found.push(clamDatabase(member, members, trust));
      continue;
    }
    const format = formatOf(member);
    if (format === undefined) continue;
    const path = groupPath(format, member);
    const key = `${format} ${path}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { format, path, members: [member] });
    else group.members.push(member);
  }
  for (const group of groups.values()) found.push(database(group, members));
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** What the files of one update share: a file alone, a folder of rules, or all of the product. */
function groupPath(format: RecordFormat, { path, bytes }: ProductMember): string {
  if (!ALONE.has(format)) return '';
  const isOneRule =
    format === 'autoconsent' && !/^\s*\{\s*"autoconsent"/.test(latin1Text(bytes.subarray(0, 64)));
  return isOneRule ? path.slice(0, path.lastIndexOf('/') + 1) : path;
}

/** True for a member of which `databasesIn` makes a database: it needs no parser of any. */
export function isDatabase(member: ProductMember): boolean {
  return member.bytes.length > 0 && (isClamContainer(member) || formatOf(member) !== undefined);
}

/** Formats of which each file is an update of its own. */
const ALONE = new Set<RecordFormat>(['adblock', 'dnr', 'autoconsent', 'osquery', 'opaque']);

function database(
  group: {
    readonly format: RecordFormat;
    readonly path: string;
    readonly members: readonly ProductMember[];
  },
  all: readonly ProductMember[],
): FoundDatabase {
  const { format } = group;
  const members = group.members.map(({ path, bytes }) => ({ path, pieces: [bytes] }));
  return {
    path: /^$|\/$/.test(group.path)
      ? sharedFolder(group.members.map(({ path }) => path))
      : group.path,
    format,
    update: updateOf(format, group.members, all),
    members,
    context: contextOf(format, members, all),
    checks: [],
    stated: undefined,
    faults: [],
  };
}

/** The format of a loose file; undefined where it is no database. */
export function formatOf(member: ProductMember): RecordFormat | undefined {
  const format = readFormatOf(member);
  if (format !== undefined) return format;
  return opaqueSortOf(member.path, member.bytes) === undefined ? undefined : 'opaque';
}

function readFormatOf({ path, bytes }: ProductMember): RecordFormat | undefined {
  const extension = extensionOf(path);
  const head = latin1Text(bytes.subarray(0, HEAD_BYTES));
  switch (extension) {
    case 'cf':
    case 'pre':
      return looksLikeSpamassassin(head) ? 'spamassassin' : undefined;
    case 'txt':
      return looksLikeAdblock(head) ? 'adblock' : undefined;
    case 'json':
      return formatOfJson(head);
    case 'yml':
    case 'yaml':
      return formatOfYaml(head);
    case 'rules':
      return RULES.test(head) ? 'suricata' : undefined;
    case 'yar':
    case 'yara':
    case 'rule':
      return YARA.test(head) ? 'yara' : undefined;
    case 'avc':
    case 'kdc':
    case 'vdm':
    case 'vdb':
      return 'opaque';
    default:
      break;
  }
  if (/(?:^|\/)C-\d{8}-\d{8}-\d{8}\.sys$/i.test(path)) return 'opaque';
  return looksLikeClamav(extension, bytes) ? 'clamav' : undefined;
}

const RULES = new RegExp(`^#?\\s*(?:${ACTIONS.join('|')})\\s+\\S+\\s[^\\n]*\\(`, 'm');
const YARA =
  /(?:^|\n)[ \t]*(?:(?:global|private)[ \t\r\n]+)*(?:rule[ \t\r\n]+\w|import[ \t]*"|include[ \t]*")/;

function looksLikeSpamassassin(head: string): boolean {
  let known = 0;
  let lines = 0;
  for (const line of head.split('\n')) {
    const word = /^\s*(?:lang\s+\S+\s+)?([a-z_]\w*)/.exec(line)?.[1];
    if (word === undefined) continue;
    lines++;
    if (TESTS.has(word) || ATTRIBUTES.has(word) || settingKind(word) !== undefined) known++;
    else if (/^(?:if|ifplugin|else|endif)$/.test(word)) known++;
  }
  return lines > 0 && known / lines > 0.6;
}

/** What begins a filter and hardly anything else. */
const FILTER =
  /^(?:@@)?\|\|?\S|##|#@#|#\?#|#%#|#\$#|\^(?:\$|$)|\$(?:script|image|third-party|3p|domain=|all|doc)/;

/** A list's header says what it is; without one, most lines have to be filters. */
function looksLikeAdblock(head: string): boolean {
  if (/^(?:\u00ef\u00bb\u00bf)?\[(?:Adblock|uBlock|AdGuard)/i.test(head)) return true;
  const lines = head
    .split('\n', 400)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('!'));
  const filters = lines.filter((line) => FILTER.test(line)).length;
  const isNamed = /^! Title:/m.test(head);
  const isDated = /^! (?:Version|Expires|Last modified|TimeUpdated|Updated):/m.test(head);
  // Lists of bare hosts and addresses are filters too: the line without a space is the pattern.
  const bare = lines.filter((line) => !/\s/.test(line)).length;
  if (isNamed && isDated) return lines.length === 0 || filters > 0 || bare / lines.length > 0.8;
  if (isNamed || isDated) return filters > 0;
  return lines.length >= 3 && filters / lines.length > 0.6;
}

function formatOfJson(head: string): RecordFormat | undefined {
  const start = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (start.startsWith('[')) {
    const first = start.slice(0, 4096);
    return /^\[\s*\{/.test(first) &&
      /"action"\s*:\s*\{/.test(first) &&
      /"condition"\s*:/.test(first)
      ? 'dnr'
      : undefined;
  }
  if (/^\{\s*"autoconsent"\s*:\s*\[/.test(start)) return 'autoconsent';
  if (/"detectCmp"\s*:/.test(start) && /^\{[\s\S]{0,400}"name"\s*:/.test(start))
    return 'autoconsent';
  if (/"queries"\s*:\s*\{/.test(start) && /"query"\s*:\s*"/.test(start)) return 'osquery';
  return undefined;
}

function formatOfYaml(head: string): RecordFormat | undefined {
  if (/^- (?:rule|macro|list|required_engine_version):/m.test(head)) return 'falco';
  if (/^(?:detection|correlation):/m.test(head) && /^(?:title|logsource|name):/m.test(head))
    return 'sigma';
  return undefined;
}

/** The first lines; where the first is longer than all that is looked at, those that follow it. */
function firstLines(bytes: Uint8Array): Uint8Array {
  const head = bytes.subarray(0, HEAD_BYTES);
  if (head.length < HEAD_BYTES || head.includes(NEWLINE)) return head;
  const end = bytes.indexOf(NEWLINE, HEAD_BYTES);
  return end === -1 ? head : bytes.subarray(end + 1, end + 1 + HEAD_BYTES);
}

const NEWLINE = 0x0a;

function looksLikeClamav(extension: string, bytes: Uint8Array): boolean {
  const shape = CLAM_KINDS[extension];
  if (shape === undefined || shape === 'whole' || shape === 'yara' || shape === 'script')
    return false;
  const head = latin1Text(firstLines(bytes));
  if (shape === 'bytecode') return head.startsWith('ClamBC');
  const lines = head
    .split('\n', 100)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (head.includes('\0') || lines.length === 0) return false;
  const parts = { nameFrom: 0, nameTo: 0, fault: undefined as string | undefined };
  const whole = head.length < HEAD_BYTES || lines.length === 1 ? lines : lines.slice(0, -1);
  const fit = whole.filter((line) => {
    readClamLine(shape, line, parts);
    return parts.fault === undefined;
  });
  return fit.length > 0 && fit.length * 2 >= whole.length;
}

function contextOf(
  format: RecordFormat,
  members: readonly DatabaseMember[],
  all: readonly ProductMember[],
): DatabaseContext {
  if (format === 'spamassassin') return { ...NO_CONTEXT, ...spamContext(members) };
  if (format === 'dnr') return { ...NO_CONTEXT, rulesets: rulesetsOf(all) };
  return NO_CONTEXT;
}

/** Rule sets that a manifest names: `declarative_net_request.rule_resources` (Chrome extensions). */
function rulesetsOf(all: readonly ProductMember[]): DatabaseContext['rulesets'] {
  const rulesets = new Map<string, { id: string; enabled: boolean }>();
  for (const { path, bytes } of all) {
    if (!/(?:^|\/)manifest\.json$/.test(path) || bytes.length > HEAD_BYTES * 32) continue;
    const folder = path.slice(0, path.length - 'manifest.json'.length);
    for (const { id, path: at, enabled } of resourcesOf(latin1Text(bytes)))
      rulesets.set(folder + at.replace(/^\.?\//, ''), { id, enabled });
  }
  return rulesets;
}

function resourcesOf(text: string): { id: string; path: string; enabled: boolean }[] {
  try {
    const manifest = JSON.parse(text);
    const resources: unknown = manifest?.declarative_net_request?.rule_resources;
    if (!Array.isArray(resources)) return [];
    return resources.flatMap((one) =>
      typeof one?.id === 'string' && typeof one?.path === 'string'
        ? [{ id: one.id as string, path: one.path as string, enabled: one.enabled !== false }]
        : [],
    );
  } catch {
    return [];
  }
}

function sharedFolder(paths: readonly string[]): string {
  let shared = paths[0]!.slice(0, paths[0]!.lastIndexOf('/') + 1);
  if (paths.length === 1) return paths[0]!;
  for (const path of paths) {
    while (!path.startsWith(shared))
      shared = shared.slice(0, shared.lastIndexOf('/', shared.length - 2) + 1);
  }
  return shared.replace(/\/$/, '');
}
