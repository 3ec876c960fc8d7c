import { latin1Text } from '@avow/bytes';
import type { ProductMember } from './found.ts';
import { opaqueSortOf } from './opaque/sorts.ts';
import type { RecordFormat } from './record.ts';

/** Makers state the number in the first lines. */
const HEAD_BYTES = 32 * 1024;

/** The update number that the files state, by the format's own rule. */
export function updateOf(
  format: RecordFormat,
  members: readonly ProductMember[],
  all: readonly ProductMember[],
): string {
  const head = latin1Text(members[0]!.bytes.subarray(0, HEAD_BYTES));
  switch (format) {
    case 'adblock':
      return (
        /^! Version:\s*([^\s%]+)/m.exec(head)?.[1] ??
        /^! (?:TimeUpdated|Last modified|Updated):\s*([^\s%].*?)\s*$/m.exec(head)?.[1] ??
        /^! Diff-Path:\s*([^\s%]+)/m.exec(head)?.[1] ??
        ''
      );
    case 'spamassassin':
      return spamVersion(members);
    case 'suricata': {
      const version = all.find(({ path }) => /(?:^|\/)version\.txt$/.test(path));
      return version === undefined ? '' : latin1Text(version.bytes.subarray(0, 64)).trim();
    }
    case 'dnr':
      return versionBeside(members[0]!.path, all);
    case 'autoconsent':
      return versionBeside(members[0]!.path, all);
    case 'opaque':
      return opaqueSortOf(members[0]!.path, members[0]!.bytes)?.update ?? '';
    default:
      return '';
  }
}

/** `require_version 4.000001` is engine 4.0.1, for which the rules were made. */
function spamVersion(members: readonly ProductMember[]): string {
  for (const { bytes } of members) {
    const found = /^[ \t]*require_version[ \t]+(\d+)\.(\d{3})(\d{3})/m.exec(
      latin1Text(bytes.subarray(0, HEAD_BYTES)),
    );
    if (found !== null) return [found[1], Number(found[2]), Number(found[3])].join('.');
  }
  return '';
}

/** The version of the nearest manifest or package above a file. */
function versionBeside(path: string, all: readonly ProductMember[]): string {
  let best = '';
  let depth = -1;
  for (const member of all) {
    const match = /^(.*?)(?:manifest|package)\.json$/.exec(member.path);
    if (match === null || !path.startsWith(match[1]!) || match[1]!.length <= depth) continue;
    const version = /"version"\s*:\s*"([^"]+)"/.exec(
      latin1Text(member.bytes.subarray(0, HEAD_BYTES)),
    )?.[1];
    if (version === undefined) continue;
    best = version;
    depth = match[1]!.length;
  }
  return best;
}
