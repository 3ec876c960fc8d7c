import type { ChangeKind, FeatureDelta, RecordChange, RecordDiff } from '@avow/examine';
import type { Page } from './page.ts';
import { sayGroup, sayOne } from './record-words.ts';
import { shown, shownWithin } from './shown.ts';
import { type Style, styled } from './terminal.ts';
import { counted, grouped } from './wrap.ts';

/** Lines of deltas and records shown; the JSON and HTML forms have more. */
const DELTAS_SHOWN = 12;
const RECORDS_SHOWN = 24;

const STYLES: Readonly<Record<RecordChange['rank'], Style>> = {
  critical: 'red',
  high: 'yellow',
  medium: 'cyan',
  low: 'dim',
};

/** For people: what stands before a count of records of a class. */
export const KIND_SAYS: Readonly<Record<ChangeKind, string>> = {
  'id-reused': 'identifier used again for something else',
  silent: 'changed without a new revision',
  detection: 'detection changed',
  target: 'looks at something else',
  widened: 'reaches further',
  narrowed: 'reaches less far',
  action: 'does something else on a match',
  visibility: 'shown or hidden otherwise',
  destination: 'sends elsewhere',
  added: 'added',
  removed: 'removed',
  enabled: 'switched on',
  disabled: 'switched off',
  renamed: 'renamed',
  moved: 'moved to another file',
  metadata: 'description only',
};

/** The change of databases: features first, then records that matter side by side, totals, what was not read. */
export function recordDiffSection(page: Page, diff: RecordDiff): void {
  page.heading('What changed in its database updates');
  for (const { message } of diff.alarms)
    page.line(styled(page.terminal, ['red', 'bold'], `  ALARM: ${shown(message)}`));
  for (const line of headlines(diff)) page.line(`  ${line}`);
  scriptLines(page, diff);
  deltaLines(page, diff.delta);
  recordLines(page, diff);
  totals(page, diff);
  unread(page, diff);
}

/** Whether the maker's own diff says the same: it is second evidence. */
function scriptLines(page: Page, { databases }: RecordDiff): void {
  for (const { path, script } of databases) {
    if (script === undefined) continue;
    const line = `  ${shown(path)}: the maker's own diff ${SCRIPT_SAYS[script.state]} (${shown(script.says)})`;
    page.line(script.state === 'leads' ? line : styled(page.terminal, 'yellow', line));
  }
}

const SCRIPT_SAYS = {
  leads: 'leads from the old update to the new',
  differs: 'leads somewhere else',
  refused: 'cannot be applied',
  missing: 'is not there in full',
} as const;

/** One sentence: what records now do more, whatever the counts of records. */
export function headlines({ delta, totals }: RecordDiff): string[] {
  const matter = delta.filter(({ rank, gained, lost }) => rank !== 'low' && gained !== lost);
  const first = matter[0];
  const quiet = `${counted(totals.silent, 'record')} changed without a new revision`;
  if (first === undefined) return [`${harmless(delta, totals)}; ${quiet}.`];
  const net = matter.slice(0, 2).map(sayDelta);
  return [`${net.join('; ')}; ${quiet}.`];
}

/** Where nothing takes, sends or weakens more than before: what came and went all the same. */
function harmless(delta: readonly FeatureDelta[], totals: RecordDiff['totals']): string {
  const counts = (['added', 'removed', 'detection', 'enabled', 'disabled'] as const)
    .filter((kind) => totals[kind] > 0)
    .map((kind) => `${counted(totals[kind], 'record')}: ${KIND_SAYS[kind]}`);
  if (counts.length === 0) return 'No record does anything new';
  const does = delta.filter(({ gained, lost }) => gained !== lost).slice(0, 2);
  const said = does.length === 0 ? '' : ` (${does.map(sayDelta).join('; ')})`;
  return `${counts.join(', ')}${said}; none takes, sends or weakens more than before`;
}

/** "360 records more weaken the security of pages, 6 no longer do". */
export function sayDelta({ feature, gained, lost, because, format }: FeatureDelta): string {
  const [larger, smaller] = gained >= lost ? [gained, lost] : [lost, gained];
  const how = gained >= lost ? 'now' : 'no longer';
  const other = gained >= lost ? 'no longer' : 'now do';
  const what = larger === 1 ? sayOne(feature) : sayGroup(feature);
  const most = because[0];
  const why =
    most === undefined || most.count === larger
      ? ''
      : `, ${grouped(most.count)} of them by ${shownWithin(most.decided, 60)}`;
  const rest = smaller === 0 ? '' : `; ${grouped(smaller)} ${other}`;
  return `${counted(larger, 'record')} ${how} ${what} (${format})${why}${rest}`;
}

function deltaLines(page: Page, delta: readonly FeatureDelta[]): void {
  page.blank();
  for (const one of delta.slice(0, DELTAS_SHOWN)) {
    const rank = styled(page.terminal, STYLES[one.rank], one.rank.padEnd(8));
    const plus = `+${grouped(one.gained)}`.padStart(8);
    const minus = `-${grouped(one.lost)}`.padStart(8);
    const room = page.terminal.columns - 32;
    page.line(
      `  ${rank} ${plus} ${minus}  ${shownWithin(`${sayGroup(one.feature)} (${one.format})`, room)}`,
    );
    for (const { decided, count } of one.rank === 'low' ? [] : one.because.slice(0, 1))
      page.dim(`${' '.repeat(29)}${shownWithin(`${grouped(count)} by ${decided}`, room)}`);
  }
  if (delta.length > DELTAS_SHOWN)
    page.dim(
      `  … ${counted(delta.length - DELTAS_SHOWN, 'kind')} of change more (--format json, html)`,
    );
}

const RANKS = ['critical', 'high', 'medium', 'low'];

/** Changes that a person should see, those that matter most first. */
export function notable(diff: RecordDiff): RecordChange[] {
  return diff.databases
    .flatMap(({ changes }) => changes)
    .filter(({ rank }) => rank !== 'low')
    .sort((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank));
}

function recordLines(page: Page, diff: RecordDiff): void {
  const changes = notable(diff);
  if (changes.length === 0) return;
  page.blank();
  for (const change of changes.slice(0, RECORDS_SHOWN)) recordLine(page, change);
  if (changes.length > RECORDS_SHOWN)
    page.dim(
      `  … ${counted(changes.length - RECORDS_SHOWN, 'record')} more that matter (--format json, html)`,
    );
}

function recordLine(page: Page, { kinds, old, new: now, rank }: RecordChange): void {
  const { record } = (now ?? old)!;
  const name = record.id === '' ? '' : ` ${record.id}`;
  const where = `${record.member.slice(record.member.lastIndexOf('/') + 1)}:${record.line}${name}`;
  const room = page.terminal.columns;
  page.line(
    `  ${styled(page.terminal, STYLES[rank], rank.padEnd(8))} ${shownWithin(`${kinds.map((kind) => KIND_SAYS[kind]).join(', ')}: ${where}`, room - 12)}`,
  );
  const said = (side: RecordChange['new']) =>
    side === undefined
      ? '–'
      : [...new Set(side.features.map((feature) => sayGroup(feature)))].join('; ');
  if (said(old) !== said(now))
    page.dim(`    ${shownWithin(`${said(old)} → ${said(now)}`, room - 6)}`);
  if (old !== undefined)
    page.line(
      styled(page.terminal, 'red', `    - ${shownWithin(oneLine(old.record.raw), room - 8)}`),
    );
  if (now !== undefined)
    page.line(
      styled(page.terminal, 'green', `    + ${shownWithin(oneLine(now.record.raw), room - 8)}`),
    );
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function totals(page: Page, { totals: all, databases }: RecordDiff): void {
  page.blank();
  const said = (Object.entries(all) as [ChangeKind, number][])
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${grouped(count)} ${KIND_SAYS[kind]}`);
  const of = databases.reduce((sum, { new: now }) => sum + (now?.records ?? 0), 0);
  page.line(
    `  ${said.length === 0 ? 'No record changed' : said.join(', ')}; ${counted(of, 'record')} now.`,
  );
}

function unread(page: Page, { databases }: RecordDiff): void {
  const unknown = databases.reduce((sum, { new: now }) => sum + (now?.unknown ?? 0), 0);
  if (unknown > 0)
    page.line(
      styled(page.terminal, 'yellow', `  ${counted(unknown, 'record')} that could not be read.`),
    );
}
