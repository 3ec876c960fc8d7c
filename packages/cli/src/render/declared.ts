import type { Why } from '@avow/bytes';
import { BECAUSE } from '@avow/declare/findings';
import { VOCABULARY } from '@avow/declare/vocabulary';
import type { Examination, Finding, Rank } from '@avow/examine';
import type { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { sayGroup } from './record-words.ts';
import { shown, shownWithin } from './shown.ts';
import { type Style, styled } from './terminal.ts';
import { counted } from './wrap.ts';

const FINDINGS_SHOWN = 20;
const WORDS_SHOWN = 12;

const STYLES: Readonly<Record<Rank, Style>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'dim',
};

/** What the maker's declaration leaves open: findings with their remedies, entries that nothing bears out. */
export function declared(page: Page, examination: Examination, isFull: boolean): void {
  const { declaration, findings } = examination;
  if (declaration === undefined || declaration.state === 'none') return;
  page.heading(`Held to ${shown(declaration.source ?? '')}`);
  if (declaration.why !== undefined) {
    refused(page, declaration.why);
    return;
  }
  const kept = isFull ? findings : findings.slice(0, FINDINGS_SHOWN);
  for (const finding of kept) findingLines(page, finding);
  const rest = findings.length - kept.length;
  if (rest > 0) page.dim(`  … ${counted(rest, 'finding')} more (--all)`);
  words(page, 'declared and not found in what was read', namesOf(declaration, 'not-found'), isFull);
  words(
    page,
    'declared and not to be seen, for parts were not read',
    namesOf(declaration, 'unseen'),
    isFull,
  );
  words(page, 'promises broken', namesOf(declaration, 'broken'), isFull);
}

function findingLines(page: Page, finding: Finding): void {
  const { rank, because = 'no-entry', also = [], against, locator, remedy } = finding;
  const label = styled(page.terminal, [STYLES[rank], 'bold'], rank.padEnd(8));
  page.line(`  ${label} ${sayFinding(finding)}`);
  const { path, at } = shownPlace(locator ?? '');
  const more = also.length === 0 ? '' : ` and ${counted(also.length, 'place')} more`;
  page.line(`           ${path}:${at}${more}`);
  const entry = against === undefined ? '' : ` ("${shown(against.name)}", line ${against.line})`;
  page.dim(`           ${BECAUSE[because]}${entry}`);
  const lines = remedy?.add?.trimEnd().split('\n') ?? [];
  for (const line of lines) page.dim(`             ${shown(line)}`);
}

/** What was found, for people: "reads the whole environment, then speaks HTTP → example.org". */
export function sayFinding({ features = [], recipient, acts, also = [], of }: Finding): string {
  if (acts !== undefined) {
    const to = recipient === undefined ? {} : { recipient: shownWithin(recipient, 40) };
    return `${counted(also.length + 1, 'record')}: ${sayGroup({ ...acts, reach: 'all', ...to })}`;
  }
  const says = features.map((id) => VOCABULARY[id].says).join(', then ');
  const to = recipient === undefined ? '' : ` → ${shownWithin(recipient, 40)}`;
  return `${says === '' ? shown(of) : says}${to}`;
}

/** A declaration that cannot be used: every fault at its place, and what that means for the result. */
function refused(page: Page, { code, message }: Why): void {
  page.line('  The declaration cannot be used, so nothing was held against it:');
  for (const line of message.split('\n')) page.line(`    ${shown(line)}`);
  page.line(
    `  Next: ${NEXT[code] ?? 'mend it at these places'}, then avow declare PRODUCT --check.`,
  );
  page.dim(`  avow code ${shown(code)} says more.`);
}

const NEXT: Readonly<Record<string, string>> = {
  'declaration.other-version': 'review it for this release and extend "versions"',
  'declaration.other-product': 'use this product\'s own declaration, or correct "product"',
  'declaration.contradiction': 'narrow the entry, or give the promise an "except"',
};

function namesOf(
  { entries = [], promises = [] }: NonNullable<Examination['declaration']>,
  wanted: string,
): readonly string[] {
  return [...entries, ...promises]
    .filter(({ state }) => state === wanted)
    .map(({ name, line }) => `${shown(name)} (line ${line})`);
}

function words(page: Page, title: string, names: readonly string[], isFull: boolean): void {
  if (names.length === 0) return;
  page.line(`  ${title}:`);
  for (const name of isFull ? names : names.slice(0, WORDS_SHOWN)) page.dim(`    ${name}`);
  if (!isFull && names.length > WORDS_SHOWN)
    page.dim(`    … ${names.length - WORDS_SHOWN} more (--all)`);
}
