/**
 * Speed of reading, examining and comparing database updates, beside the bare
 * library or the bare split: `node --expose-gc bench/records.ts`.
 *
 * CPU seconds of this process (user and system), so that a shared machine
 * matters less. Lists of AdGuard are taken from the corpus that
 * `tools/records/fetch.ts` brings; without it those rows are skipped.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RuleParser } from '@adguard/agtree';
import { diffDatabases, examineDatabases, featuresOf, Sight } from '@avow/examine/record';
import { NO_CONTEXT, RECORD_READERS } from '@avow/formats/record';

const RULES = JSON.parse(
  readFileSync(new URL('../rules/records/update.json', import.meta.url), 'utf8'),
);
const CORPUS = `${process.env['AVOW_CORPUS'] ?? '/tmp/avow-corpus'}/records/npm`;

function cpu<T>(work: () => T): { readonly seconds: number; readonly value: T } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, value };
}

function row(what: string, records: number, seconds: number, target: string): void {
  const rate = Math.round(records / seconds).toLocaleString('en');
  const rss = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `| ${what} | ${records.toLocaleString('en')} | ${seconds.toFixed(2)} s | ${rate}/s | ${rss} MB | ${target} |`,
  );
}

if (process.argv[2] === 'memory') {
  // Alone in a process: what examining one list takes at most, in megabytes.
  const bytes = listOf(process.argv[3]!)!;
  const sight = new Sight(RULES);
  const options = { target: 'pkg:generic/l@1', version: '1', sight };
  examineDatabases([{ path: 'l.txt', bytes }], options);
  console.log(Math.round(process.resourceUsage().maxRSS / 1000));
  process.exit(0);
}

console.log('| what | records | CPU | rate | memory | target |\n|---|---|---|---|---|---|');

/** Lines as a daily database has them: hashes, sections, bodies, logical signatures. */
function clamLines(count: number): Map<string, Uint8Array> {
  const files = new Map<string, string[]>([
    ['a.hsb', []],
    ['a.mdb', []],
    ['a.ndb', []],
    ['a.ldb', []],
  ]);
  let state = 1;
  const hex = (digits: number) => {
    let text = '';
    while (text.length < digits) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      text += state.toString(16).padStart(8, '0');
    }
    return text.slice(0, digits);
  };
  for (let index = 0; index < count; index++) {
    const name = `Win.Trojan.Agent-${6000000 + index}-0`;
    switch (index % 4) {
      case 0:
        files.get('a.hsb')!.push(`${hex(64)}:${1000 + index}:${name}`);
        break;
      case 1:
        files.get('a.mdb')!.push(`${1000 + index}:${hex(32)}:${name}`);
        break;
      case 2:
        files.get('a.ndb')!.push(`${name}:1:EP+0:${hex(48)}??${hex(16)}{4-8}${hex(16)}`);
        break;
      default:
        files.get('a.ldb')!.push(`${name};Engine:81-255,Target:1;0&1;${hex(24)};${hex(24)}`);
    }
  }
  return new Map([...files].map(([name, lines]) => [name, Buffer.from(`${lines.join('\n')}\n`)]));
}

const LINES = 1_000_000;
const files = clamLines(LINES);
const sight = new Sight(RULES);

function readClam(each: (record: Parameters<typeof featuresOf>[0]) => void): number {
  let count = 0;
  for (const [path, bytes] of files) {
    for (const record of RECORD_READERS.clamav.read({ path, pieces: [bytes] }, NO_CONTEXT)) {
      each(record);
      count++;
    }
  }
  return count;
}

const bare = cpu(() => {
  let count = 0;
  for (const [path, bytes] of files) {
    const separator = path.endsWith('ldb') ? ';' : ':';
    for (const line of Buffer.from(bytes).toString('latin1').split('\n'))
      if (line !== '' && line.split(separator).length > 2) count++;
  }
  return count;
});
row('ClamAV lines, bare split', bare.value, bare.seconds, '');
readClam(() => {});
const read = cpu(() => readClam(() => {}));
row('ClamAV lines, read and checked', read.value, read.seconds, '1,000,000/s');
readClam((record) => featuresOf(record, sight));
const featured = cpu(() => readClam((record) => featuresOf(record, sight)));
row('ClamAV lines, with features', featured.value, featured.seconds, '300,000/s');

const lists = ['3.2.20251011010040', '3.2.20260225160106']
  .map((version) => `${CORPUS}/adguard-dnr-rulesets-${version}`)
  .map((folder) => ({ folder, list: listOf(folder) }));

/** The filter lists of a release, as one list. */
function listOf(folder: string): Uint8Array | undefined {
  if (!existsSync(folder)) return undefined;
  const texts = globSync(`${folder}/package/dist/filters/declarative/*/ruleset_*.json`)
    .sort()
    .map((path) => JSON.parse(readFileSync(path, 'utf8'))[0]?.metadata?.rawFilterList)
    .filter((text): text is string => typeof text === 'string');
  return Buffer.from(`! Title: all\n${texts.join('\n')}`);
}

const [old, now] = lists;
if (old?.list === undefined || now?.list === undefined) {
  console.log(
    `\nadblock rows skipped: no ${old?.folder} and its next release (tools/records/fetch.ts)`,
  );
} else {
  const text = Buffer.from(now.list).toString('utf8');
  const options = {
    parseAbpSpecificRules: true,
    parseUboSpecificRules: true,
    isLocIncluded: false,
    includeRaws: false,
  };
  const agtree = () => {
    let count = 0;
    for (const line of text.split('\n')) {
      const rule = line.replace(/\r$/, '');
      if (rule === '') continue;
      try {
        const { category } = RuleParser.parse(rule, options);
        if (category !== 'Comment' && category !== 'Empty') count++;
      } catch {
        count++;
      }
    }
    return count;
  };
  agtree();
  const alone = cpu(agtree);
  row('adblock list, agtree alone', alone.value, alone.seconds, '');
  const pieces = [now.list];
  const ours = () => {
    let count = 0;
    for (const _ of RECORD_READERS.adblock.read({ path: 'l.txt', pieces }, NO_CONTEXT)) count++;
    return count;
  };
  ours();
  const reading = cpu(ours);
  row(
    'adblock list, read',
    reading.value,
    reading.seconds,
    `${(alone.seconds * 1.5).toFixed(2)} s (1.5 × agtree)`,
  );
  const member = (bytes: Uint8Array) => [{ path: 'l.txt', bytes }];
  const examined = cpu(() =>
    examineDatabases(member(now.list!), { target: 'pkg:generic/l@1', version: '1', sight }),
  );
  row(
    'adblock list, examined',
    examined.value.databases[0]!.records,
    examined.seconds,
    '15 s, 1 GB for 620,000',
  );
  const program = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [program, 'memory', now.folder], { encoding: 'utf8' });
  console.log(
    `| the same, most memory, in a process alone | | | | ${child.stdout.trim()} MB | 1,000 MB |`,
  );
  const compared = cpu(() => diffDatabases(member(old.list!), member(now.list!), sight));
  const records = compared.value.databases[0]!.new!.records;
  row('two adblock lists, compared', records, compared.seconds, '10 s');
}
