import { VOCABULARY } from '@avow/declare/vocabulary';
import type { Examination, Flow, Hop } from '@avow/examine';
import type { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { shownWithin } from './shown.ts';
import { counted, wrapped } from './wrap.ts';

/** More is a list that nobody reads; `--all` prints them. */
const FLOWS_SHOWN = 12;
/** The source, the steps next to it, and the destination. */
const HOPS_SHOWN = 4;

/** More would push the rest of the summary off the screen. */
const WAYS_SHOWN = 10;

/** What goes where, each source and destination once: the first thing that a reader asks. */
export function flowsSummary(page: Page, { flows }: Examination): void {
  const inCode = flows.filter(({ gate }) => gate?.startsWith('record:') !== true);
  if (inCode.length === 0) return;
  page.heading('What goes where');
  const ways = [...Map.groupBy(inCode, wayOf)];
  for (const [way, { length }] of ways.slice(0, WAYS_SHOWN)) {
    const [first, ...more] = wrapped(
      length === 1 ? way : `${way} (${length} ways)`,
      page.terminal.columns - 6,
    );
    page.line(`  ${first}`);
    for (const line of more) page.line(`      ${line}`);
  }
  const rest = ways.length - WAYS_SHOWN;
  if (rest > 0) page.dim(`  … and ${rest} more`);
}

function wayOf({ source, destination, recipient }: Flow): string {
  const to = recipient === undefined ? '' : ` → ${shownWithin(recipient, 48)}`;
  return `${VOCABULARY[source].says}, then ${VOCABULARY[destination].says}${to}`;
}

/** Data on its way, hop by hop. Records that hand content on are told with their database. */
export function flowsSection(page: Page, { flows }: Examination, isFull: boolean): void {
  const inCode = flows.filter(({ gate }) => gate?.startsWith('record:') !== true);
  if (inCode.length === 0) return;
  page.heading('How it gets there');
  const kept = isFull ? inCode : inCode.slice(0, FLOWS_SHOWN);
  for (const flow of kept) flowLines(page, flow, isFull);
  const rest = inCode.length - kept.length;
  if (rest > 0) page.dim(`  … ${counted(rest, 'way')} more (--all)`);
}

function flowLines(page: Page, flow: Flow, isFull: boolean): void {
  const { columns } = page.terminal;
  const to = flow.recipient === undefined ? '' : ` → ${shownWithin(flow.recipient, 60)}`;
  const says = `${VOCABULARY[flow.source].says}, then ${VOCABULARY[flow.destination].says}${to}`;
  const [first, ...more] = wrapped(says, columns - 6);
  page.line(`  ${first}`);
  for (const line of more) page.line(`      ${line}`);
  const isLong = !isFull && flow.hops.length > HOPS_SHOWN + 1;
  const hops = isLong ? flow.hops.slice(0, HOPS_SHOWN - 1) : flow.hops;
  for (const hop of hops) hopLine(page, hop);
  if (!isLong) return;
  page.dim(`    … ${counted(flow.hops.length - HOPS_SHOWN, 'step')} more (--all)`);
  hopLine(page, flow.hops.at(-1)!);
}

function hopLine(page: Page, { role, locator, evidence }: Hop): void {
  const { columns } = page.terminal;
  const { path, at } = shownPlace(locator);
  const where = shownWithin(`    ${role.padEnd(11)} ${path}:${at}`, columns);
  const room = columns - where.length - 2;
  page.line(room < 16 ? where : `${where}  ${shownWithin(evidence, room)}`);
}
