import { BECAUSE } from '@avow/declare/findings';
import { VOCABULARY } from '@avow/declare/vocabulary';
import type { Examination, Finding, Rank } from '@avow/examine';
import type { Page } from './page.ts';
import { shownPlace } from './place.ts';
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
    for (const line of declaration.why.message.split('\n')) page.line(`  ${shown(line)}`);
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
  const { rank, because = 'no-entry', also = [], recipient, against, locator, remedy } = finding;
  const says = (finding.features ?? []).map((id) => VOCABULARY[id].says).join(', then ');
  const to = recipient === undefined ? '' : ` → ${shownWithin(recipient, 40)}`;
  const label = styled(page.terminal, [STYLES[rank], 'bold'], rank.padEnd(8));
  page.line(`  ${label} ${says === '' ? 'a record acts' : says}${to}`);
  const { path, at } = shownPlace(locator ?? '');
  const more = also.length === 0 ? '' : ` and ${counted(also.length, 'place')} more`;
  page.line(`           ${path}:${at}${more}`);
  const entry = against === undefined ? '' : ` ("${shown(against.name)}", line ${against.line})`;
  page.dim(`           ${BECAUSE[because]}${entry}`);
  const lines = remedy?.add?.trimEnd().split('\n') ?? [];
  for (const line of lines) page.dim(`             ${shown(line)}`);
}

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
