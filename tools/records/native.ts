import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ProductMember } from '@avow/formats/record';
import type { Source } from './sources.ts';

/** What a native tool, or the package itself, counts; in words where nobody does. */
export function nativeCount(
  { name, from }: Source,
  folder: string,
  members: readonly ProductMember[],
): string {
  if ('npm' in from && from.npm.startsWith('@adguard/')) return adguard(members);
  if ('npm' in from) return autoconsent(members);
  if ('checkout' in from) {
    switch (from.checkout) {
      case 'AVOW_SIGNATURE_BASE':
      case 'AVOW_YARA_RULES':
        return yara(folder, members);
      case 'AVOW_SURICATA':
        return suricata(folder);
      case 'AVOW_CLAMAV':
        return sigtool(folder, members);
      default:
        break;
    }
  }
  return name.startsWith('SpamAssassin') ? spamassassin(members) : 'no tool counts these';
}

/** Each compiled set states how many rules it was made of. */
function adguard(members: readonly ProductMember[]): string {
  let elements = 0;
  let lines = 0;
  for (const { path, bytes } of members) {
    const text = Buffer.from(bytes).toString('utf8');
    if (/ruleset_\d+\.json$/.test(path)) {
      const rules = JSON.parse(text) as readonly { metadata?: { rawFilterList?: string } }[];
      elements += rules.length;
      lines += filterLines(rules[0]?.metadata?.rawFilterList ?? '');
    } else if (/filter_\d+\.txt$/.test(path)) lines += filterLines(text);
  }
  return `${elements} array elements, ${lines} lines that are no comment`;
}

function filterLines(text: string): number {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !/^(?:!|\[Adblock|# |#$|#####)/.test(line)).length;
}

function autoconsent(members: readonly ProductMember[]): string {
  const rules = members.find(({ path }) => path.endsWith('rules.json'));
  return rules === undefined
    ? '–'
    : `${JSON.parse(Buffer.from(rules.bytes).toString('utf8')).autoconsent.length} elements of the array`;
}

/** `yara -S` prints how many rules it compiled; files that it refuses are counted apart. */
function yara(folder: string, members: readonly ProductMember[]): string {
  const names = ['filename', 'filepath', 'extension', 'filetype', 'owner', 'md5'];
  const externals = names.flatMap((name) => ['-d', `${name}=x`]);
  let rules = 0;
  let refused = 0;
  // An index includes other files: their rules would count twice.
  const own = members.filter(
    ({ bytes }) => !/^\s*include\s+"/m.test(Buffer.from(bytes).toString('latin1')),
  );
  for (const { path } of own) {
    const run = spawnSync('yara', ['-w', '-S', ...externals, join(folder, path), '/dev/null'], {
      encoding: 'utf8',
    });
    if (run.error !== undefined) return 'yara is not installed';
    const count = /(?:number of rules|rules)\s*:\s*(\d+)/i.exec(run.stdout + run.stderr)?.[1];
    if (count === undefined) refused++;
    else rules += Number(count);
  }
  return `yara: ${rules}, ${refused} files refused`;
}

/** suricata-update's own parser over each file. */
function suricata(folder: string): string {
  const program = `
import glob, sys
try:
    from suricata.update import rule
except ImportError:
    print('suricata-update is not installed'); sys.exit()
n = off = 0
for path in glob.glob(sys.argv[1] + '/rules/*.rules'):
    for one in rule.parse_file(path):
        n += 1; off += not one.enabled
print(f'suricata-update: {n}, {off} off')`;
  const run = spawnSync('/usr/bin/python3', ['-c', program, folder], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim() : 'python3 cannot run suricata-update';
}

/** The number of signatures that each header states, as sigtool prints it. */
function sigtool(folder: string, members: readonly ProductMember[]): string {
  const counts: string[] = [];
  for (const { path } of members.filter((one) => one.path.endsWith('.cvd'))) {
    const run = spawnSync('sigtool', ['--info', join(folder, path)], { encoding: 'utf8' });
    if (run.error !== undefined) return 'sigtool is not installed';
    counts.push(/Signatures:\s*(\d+)/.exec(run.stdout)?.[1] ?? '?');
  }
  return `sigtool, by header: ${counts.join(', ')}`;
}

/** Lines that define a test, by the words that do. */
function spamassassin(members: readonly ProductMember[]): string {
  const names = new Set<string>();
  let lines = 0;
  for (const { path, bytes } of members.filter((one) => /\.cf$/.test(one.path))) {
    if (path.includes('regression')) continue;
    for (const line of Buffer.from(bytes).toString('latin1').split('\n')) {
      const match = /^\s*(?:header|body|rawbody|full|uri|meta|mimeheader)\s+(\w+)/.exec(line);
      if (match === null) continue;
      lines++;
      names.add(match[1]!);
    }
  }
  return `grep: ${lines} lines that define tests, ${names.size} names`;
}
