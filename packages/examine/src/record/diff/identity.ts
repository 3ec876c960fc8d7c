import {
  AdblockRule,
  type DatabaseRecord,
  SpamRule,
  SuricataRule,
  type ValueRecord,
  YaraRule,
} from '@avow/formats/record';

/**
 * What a record is known by across updates, within its database, the surest
 * first; none for one that is known by its text alone. A YARA rule keeps its
 * name when a maker begins to give ids or makes them anew.
 *
 * By format (the project's record reference, "Diff"): ClamAV type and name,
 * YARA `meta.id` or name, Suricata gid:sid, Sigma id, SpamAssassin name,
 * Falco kind and name, declarativeNetRequest rule set and id, autoconsent and
 * osquery name; an adblock filter has no id: pattern, or domains and
 * separator.
 */
export function identitiesOf(record: DatabaseRecord): readonly string[] {
  if (record instanceof YaraRule) {
    const id = record.parts.meta.get('id');
    return id === undefined ? [record.id, record.id] : [id, record.id];
  }
  const identity = identityOf(record);
  return identity === undefined ? [] : [identity];
}

function identityOf(record: DatabaseRecord): string | undefined {
  switch (record.format) {
    case 'adblock':
      return record instanceof AdblockRule ? adblockIdentity(record) : undefined;
    case 'yara':
      return undefined;
    case 'spamassassin':
      return record instanceof SpamRule && record.isTest
        ? `${/^uri\w+(?:bl|sub)$/.test(record.kind) ? record.kind : 'test'} ${record.id}`
        : undefined;
    case 'dnr':
      return `${record.member} ${record.id}`;
    case 'falco':
    case 'clamav':
      return record.id === '' ? undefined : `${record.kind} ${record.id}`;
    case 'suricata':
    case 'sigma':
    case 'autoconsent':
    case 'osquery':
      return record.id === '' ? undefined : record.id;
    case 'opaque':
      return record.member;
    default:
      return record.format satisfies never;
  }
}

function adblockIdentity({ tree, source, member }: AdblockRule): string | undefined {
  if (tree === undefined) return undefined;
  if (tree.type === 'NetworkRule') {
    if (tree.pattern.value.length < 4) return undefined;
    return `${member} ${tree.exception ? '@@' : ''}${tree.pattern.value}`;
  }
  const separator = /#@?(?:\$|\?|%|\$\?)?#/.exec(source);
  return separator === null ? undefined : `${member} ${source.slice(separator.index)}`;
}

/** The name that people see: what changes when an identity with its own key is renamed. */
export function nameOf(record: DatabaseRecord): string {
  if (record.format === 'sigma') return String((record as ValueRecord).value['title'] ?? '');
  if (record instanceof SuricataRule) return record.option('msg') ?? '';
  return record.id;
}

/**
 * True where one identity stands for two things: another name, and not one
 * text looked for in common.
 */
export function isReused(old: DatabaseRecord, now: DatabaseRecord): boolean {
  if (old.format !== 'suricata' && old.format !== 'sigma' && old.format !== 'dnr') return false;
  if (old.format !== 'dnr' && nameOf(old) === nameOf(now)) return false;
  const before = new Set(old.literals().map(({ text }) => text));
  const after = now.literals().map(({ text }) => text);
  if (before.size === 0 || after.length === 0) return old.format !== 'dnr';
  const own = old.format === 'sigma' ? namesOnly(old, before) : before;
  return !after.some((text) => own.has(text));
}

/** Texts of a Sigma rule that say what it detects: the author and the tags are shared by many. */
function namesOnly(record: DatabaseRecord, texts: ReadonlySet<string>): ReadonlySet<string> {
  const detection = JSON.stringify((record as ValueRecord).value['detection'] ?? {});
  return new Set([...texts].filter((text) => detection.includes(text)));
}
