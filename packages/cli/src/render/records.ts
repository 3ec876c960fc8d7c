import type { Examination, ExaminedDatabase, Feature, RecordGroup } from '@avow/examine';
import type { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { sayGroup } from './record-words.ts';
import { shown, shownWithin } from './shown.ts';
import { type Style, styled } from './terminal.ts';
import { counted, grouped } from './wrap.ts';

/** Groups of one database that are shown; low ranks only with `--all`. */
const GROUPS_SHOWN = 16;

const RANKS: Readonly<
  Record<RecordGroup['rank'], { readonly order: number; readonly style: Style }>
> = {
  critical: { order: 0, style: 'red' },
  high: { order: 1, style: 'yellow' },
  medium: { order: 2, style: 'cyan' },
  low: { order: 3, style: 'dim' },
};

/** What the records of each database update make the product do, what matters first. */
export function databaseSection(
  page: Page,
  { databases, features }: Examination,
  isFull: boolean,
): void {
  if (databases.length === 0) return;
  const listed = features.filter(({ record }) => record !== undefined);
  page.heading('What its database updates make it do');
  for (const database of databases) {
    const { path, format, update, records, understood, disabled = 0, beside } = database;
    const number = update === '' ? 'no update number' : update;
    page.line(
      `  ${styled(page.terminal, 'underline', shownTail(path === '' ? '(whole product)' : path, page.terminal.columns - 2))}`,
    );
    const unknown = records - understood;
    const parts = [
      `${format} ${number}`,
      counted(records, 'record'),
      ...(unknown === 0 ? [] : [`${grouped(unknown)} not understood`]),
      ...(disabled === 0 ? [] : [`${grouped(disabled)} switched off`]),
    ];
    page.dim(`  ${parts.join(', ')}`);
    if (beside !== undefined) page.dim(`  given as ${shown(beside.name)}, ${beside.digest}`);
    checkLine(page, database);
    groupLines(page, database, listed, isFull);
  }
}

const CHECKED: Readonly<Record<string, string>> = {
  md5: 'digest',
  signature: 'signature',
  info: 'signed list of files',
  members: 'files as listed',
  header: 'number as listed',
  external: '.sign file',
};

/** Digests and signatures, each with its outcome: "signature good, signed list of files BAD". */
export function sayChecks(checks: NonNullable<ExaminedDatabase['checks']>): string {
  return checks.map(({ what, state }) => `${CHECKED[what] ?? what} ${STATES[state]}`).join(', ');
}

/** Each signature with its outcome in one line; what does not hold is in colour, and said in full. */
function checkLine(page: Page, { checks = [] }: ExaminedDatabase): void {
  if (checks.length === 0) return;
  page.dim(`  checked: ${sayChecks(checks)}`);
  for (const { state, says } of checks)
    if (state === 'bad')
      page.line(
        styled(page.terminal, 'red', `    ${shownWithin(says, page.terminal.columns - 6)}`),
      );
}

const STATES = {
  good: 'good',
  bad: 'BAD',
  absent: 'not there',
  'unknown-key': 'of an unknown key',
} as const;

function groupLines(
  page: Page,
  { does = [] }: ExaminedDatabase,
  listed: readonly Feature[],
  isFull: boolean,
): void {
  const { terminal } = page;
  const places = new Map(listed.map((feature) => [feature.locator, feature]));
  const sorted = [...does].sort(
    (a, b) => RANKS[a.rank].order - RANKS[b.rank].order || weight(places, a) - weight(places, b),
  );
  const kept = isFull ? sorted : sorted.filter(({ rank }) => rank !== 'low').slice(0, GROUPS_SHOWN);
  for (const group of kept) {
    const record = places.get(group.first)?.record;
    const { path, at } = shownPlace(group.first);
    const line = record === undefined ? at : `${record.line}`;
    const name = record === undefined || record.id === '' ? '' : ` ${record.id}`;
    const where = `${path.slice(path.lastIndexOf('/') + 1)}:${line}${name}`;
    const rank = styled(terminal, RANKS[group.rank].style, group.rank.padEnd(8));
    page.line(
      `    ${rank} ${grouped(group.count).padStart(7)}  ${shownWithin(sayGroup(group), terminal.columns - 22)}`,
    );
    page.dim(
      `${' '.repeat(22)}${shownWithin(`${group.count === 1 ? '' : 'first: '}${where}`, terminal.columns - 24)}`,
    );
  }
  const rest = sorted.slice(0).filter((group) => !kept.includes(group));
  if (rest.length === 0) return;
  const count = rest.reduce((sum, group) => sum + group.count, 0);
  page.dim(`    … ${counted(count, 'record')} of ${counted(rest.length, 'kind')} more (--all)`);
}

/** The order of the result's features is the order of importance. */
function weight(places: ReadonlyMap<string, Feature>, { first }: RecordGroup): number {
  let index = 0;
  for (const locator of places.keys()) {
    if (locator === first) return index;
    index++;
  }
  return index;
}

/** The end of a path says more than its beginning. */
function shownTail(path: string, width: number): string {
  const safe = shown(path);
  return safe.length <= width ? safe : `…${safe.slice(1 - width)}`;
}
