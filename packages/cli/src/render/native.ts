import { VOCABULARY } from '@avow/declare/vocabulary';
import type { Examination, Feature, Near } from '@avow/examine';
import type { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { shownWithin } from './shown.ts';
import { styled, type Terminal } from './terminal.ts';
import { counted } from './wrap.ts';

/** Lines of scripts shown of one place; `--all` prints them all. */
const REACHES_SHOWN = 2;

/** Pairs shown; more is a list that nobody reads. */
const NEAR_SHOWN = 8;

/** From which lines of scripts a place of native code is reached, a line each. */
export function reachLines(
  { reachedBy = [] }: Feature,
  terminal: Terminal,
  indent: number,
  isFull: boolean,
): string[] {
  const kept = isFull ? reachedBy : reachedBy.slice(0, REACHES_SHOWN);
  const before = ' '.repeat(indent);
  const lines = kept.map((reach) => {
    const { path, at } = shownPlace(reach.locator);
    const place = `${path}:${at}`;
    const room = Math.max(16, terminal.columns - indent - 2);
    const shown = shownWithin(`${place}  ${reach.evidence}`, room);
    return `${before}${styled(terminal, 'dim', `← ${shown}`)}`;
  });
  const rest = reachedBy.length - kept.length;
  if (rest > 0)
    lines.push(`${before}${styled(terminal, 'dim', `← ${counted(rest, 'line')} more`)}`);
  return lines;
}

/** Sources of machine code with a destination near them; data was not followed there. */
export function nearSection(page: Page, { near = [] }: Examination, isFull: boolean): void {
  if (near.length === 0) return;
  page.heading('What stands near what in machine code');
  page.dim('in one function or few calls apart; that data goes from one to the other is not shown');
  const kept = isFull ? near : near.slice(0, NEAR_SHOWN);
  for (const one of kept) nearLines(page, one);
  const rest = near.length - kept.length;
  if (rest > 0) page.dim(`  … ${counted(rest, 'pair')} more (--all)`);
}

function nearLines(page: Page, { source, destination, recipient, distance, places }: Near): void {
  const { terminal } = page;
  const to = recipient === undefined ? '' : ` → ${recipient}`;
  const apart = distance === 0 ? 'in one function' : `${counted(distance, 'call')} apart`;
  const says = `${VOCABULARY[source].says}, ${VOCABULARY[destination].says}${to}: ${apart}`;
  page.line(`  ${shownWithin(says, terminal.columns - 2)}`);
  for (const locator of places) {
    const { path, at } = shownPlace(locator);
    const shown = shownWithin(`${path} ${at}`, terminal.columns - 4);
    page.line(`    ${styled(terminal, 'yellow', shown)}`);
  }
}
