import type { Examination, OutsideMatch, OutsideRules } from '@avow/examine';
import type { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { shown, shownWithin } from './shown.ts';
import { styled } from './terminal.ts';
import { counted, grouped } from './wrap.ts';

/** Rules, places of one, and names of lists that are shown; `--all` prints them all. */
const RULES_SHOWN = 30;
const PLACES_SHOWN = 2;
const NAMES_SHOWN = 5;

/** Where rules of someone else matched, and which of them say nothing. */
export function outsideSection(page: Page, { outside }: Examination, isFull: boolean): void {
  if (outside === undefined) return;
  page.heading("What rules in capa's language say");
  page.dim(triedText(outside));
  const byRule = [...Map.groupBy(outside.matches, ({ rule }) => rule).values()].sort(
    ([a], [b]) => compare(a!.namespace, b!.namespace) || compare(a!.rule, b!.rule),
  );
  const kept = isFull ? byRule : byRule.slice(0, RULES_SHOWN);
  for (const matches of kept) ruleLines(page, matches, isFull);
  if (byRule.length > kept.length) {
    page.dim(`  … ${counted(byRule.length - kept.length, 'rule')} more (--all)`);
  }
  if (outside.left > 0) page.dim(`  ${counted(outside.left, 'place')} of frequent rules left out`);
  asideLines(page, outside, isFull);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function triedText({ tried, rules, modules, matches }: OutsideRules): string {
  const found = new Set(matches.map(({ rule }) => rule)).size;
  return `${grouped(tried)} of ${counted(rules, 'rule')} tried on ${counted(modules, 'module')}, ${grouped(found)} matched at ${counted(matches.length, 'place')}`;
}

function ruleLines(page: Page, matches: readonly OutsideMatch[], isFull: boolean): void {
  const { terminal } = page;
  const { rule, namespace, attack, mbc } = matches[0]!;
  const ids = [...attack, ...mbc].join(' ');
  const says = `${namespace === '' ? '' : `${namespace}: `}${rule}${ids === '' ? '' : ` [${ids}]`}`;
  page.line(`  ${shownWithin(says, terminal.columns - 2)}`);
  const kept = isFull ? matches : matches.slice(0, PLACES_SHOWN);
  for (const { locator, grounds } of kept) {
    const { path, at } = shownPlace(locator);
    const place = shown(`${path} ${at}`);
    const why = grounds.map(({ what }) => what).join(', ');
    const room = Math.max(16, terminal.columns - 6 - place.length);
    page.line(`    ${styled(terminal, 'yellow', place)}  ${shownWithin(why, room)}`);
  }
  const rest = matches.length - kept.length;
  if (rest > 0) page.dim(`    … ${counted(rest, 'place')} more`);
}

/** Rules that are not tried, not read, or not believed: told, so that their silence is no answer. */
function asideLines(
  page: Page,
  { doubtful, unsupported, faults }: OutsideRules,
  isFull: boolean,
): void {
  for (const { rule, places, why } of doubtful) {
    const text = `set aside: ${rule}, ${counted(places, 'place')}: ${why}`;
    page.dim(`  ${shownWithin(text, page.terminal.columns - 2)}`);
  }
  const untried = unsupported.filter(({ state }) => state === 'unsupported');
  const partly = unsupported.length - untried.length;
  listLine(
    page,
    `not tried, ${counted(untried.length, 'rule')} that machine code cannot answer`,
    untried.map(({ name }) => name),
    isFull,
  );
  if (partly > 0)
    page.dim(`  tried without some of their alternatives: ${counted(partly, 'rule')}`);
  for (const { file, line, column, message } of isFull ? faults : faults.slice(0, NAMES_SHOWN)) {
    const text = `not read: ${file}:${line}:${column}: ${message}`;
    page.line(`  ${styled(page.terminal, 'yellow', shownWithin(text, page.terminal.columns - 2))}`);
  }
  if (!isFull && faults.length > NAMES_SHOWN) {
    page.dim(`  … ${counted(faults.length - NAMES_SHOWN, 'rule')} more not read (--all)`);
  }
}

function listLine(page: Page, what: string, names: readonly string[], isFull: boolean): void {
  if (names.length === 0) return;
  const kept = isFull ? names : names.slice(0, NAMES_SHOWN);
  const more = names.length > kept.length ? ' …' : '';
  const text = `${what}: ${kept.join(', ')}${more}`;
  page.dim(`  ${isFull ? shown(text) : shownWithin(text, page.terminal.columns - 2)}`);
}
