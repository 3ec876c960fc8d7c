import { VOCABULARY } from '@avow/declare/vocabulary';
import type { Ability, Changed, ExaminationDiff, Feature } from '@avow/examine';
import { lostFlowsSection, newFlowsSection } from './explain/changes.ts';
import { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { shown, shownWithin } from './shown.ts';
import { styled, type Terminal } from './terminal.ts';
import { counted, listed, wrapped } from './wrap.ts';

const PLACES_SHOWN = 3;
const FEATURES_SHOWN = 40;
const SAYS_COLUMNS = 34;

/** The change for people: what the new release can do that the old could not, then the rest. */
export function diffText(diff: ExaminationDiff, terminal: Terminal, isQuiet: boolean): string {
  const page = new Page(terminal);
  page.line(styled(terminal, 'bold', titleOf(diff)));
  newFlowsSection(page, diff);
  page.heading('What the new can do that the old could not');
  gained(page, diff);
  recipients(page, diff);
  declaration(page, diff);
  if (!isQuiet) {
    lostFlowsSection(page, diff);
    lost(page, diff);
    places(page, diff.features);
    modules(page, diff);
  }
  page.blank();
  closing(page, diff);
  return page.text();
}

/** Of two updates without any code: what was compared, and what could not be. */
export function noCodeText(diff: ExaminationDiff, terminal: Terminal): string {
  const page = new Page(terminal);
  page.line(styled(terminal, 'bold', titleOf(diff)));
  for (const line of wrapped(`There is no code in them.${notRead(diff)}`, terminal.columns))
    page.line(line);
  return page.text();
}

function titleOf({ old, new: now }: ExaminationDiff): string {
  return `${shown(old.target)} → ${shown(now.target)}`;
}

function gained(page: Page, { abilities, features }: ExaminationDiff): void {
  if (abilities.gained.length === 0) page.dim('  nothing found');
  for (const ability of abilities.gained) {
    page.line(`  ${styled(page.terminal, ['red', 'bold'], abilityText(ability))}`);
    const where = features.gained.filter(
      ({ feature, when }) =>
        feature === ability.feature && (ability.when === undefined || when === ability.when),
    );
    for (const feature of where.slice(0, PLACES_SHOWN)) featureLine(page, '    ', feature);
    if (where.length > PLACES_SHOWN)
      page.dim(`    … ${counted(where.length - PLACES_SHOWN, 'place')} more`);
  }
}

function abilityText({ feature, when }: Ability): string {
  return `${VOCABULARY[feature].says}${when === undefined ? '' : ', now at installation'}`;
}

function recipients(page: Page, diff: ExaminationDiff): void {
  if (diff.recipients.length === 0) return;
  page.heading('Other recipients');
  for (const { feature, gained, lost } of diff.recipients) {
    page.line(`  ${VOCABULARY[feature].says}`);
    for (const [sign, style, texts] of [
      ['+', 'red', gained],
      ['-', 'dim', lost],
    ] as const) {
      if (texts.length === 0) continue;
      const room = page.terminal.columns - 6;
      const items = texts.map((text) => shownWithin(text, room - 14));
      page.line(styled(page.terminal, style, `    ${sign} ${listed(items, room)}`));
    }
  }
}

function declaration(page: Page, { declaration: change }: ExaminationDiff): void {
  if (change === undefined) return;
  const { entries, promises, covered } = change;
  page.heading('What the maker says');
  if (change.old === change.new) page.dim('  the same declaration');
  for (const [sign, texts] of [
    ['+ ', entries.gained],
    ['- ', entries.lost],
    ['+ never ', promises.gained],
    ['- never ', promises.lost],
  ] as const) {
    for (const text of texts) {
      const [first = '', ...rest] = text.trimEnd().split('\n');
      page.line(`  ${sign}${shown(first)}`);
      for (const line of rest) page.line(`  ${' '.repeat(sign.length)}${shown(line)}`);
    }
  }
  if (covered.lost.length > 0) {
    const what = `${counted(covered.lost.length, 'feature')} declared before and no longer`;
    page.line(`  ${styled(page.terminal, ['red', 'bold'], what)}`);
    for (const { features, recipient, locator } of covered.lost.slice(0, FEATURES_SHOWN)) {
      const { path, at } = shownPlace(locator);
      const to = recipient === undefined ? '' : ` → ${shownWithin(recipient, 40)}`;
      page.line(`    ${features.join(' > ')}${to}  ${path}:${at}`);
    }
  }
  if (covered.gained.length > 0) {
    page.line(`  ${counted(covered.gained.length, 'feature')} declared now and not before`);
  }
}

function lost(page: Page, { abilities }: ExaminationDiff): void {
  if (abilities.lost.length === 0) return;
  page.heading('What the new no longer does');
  for (const ability of abilities.lost) page.line(`  ${VOCABULARY[ability.feature].says}`);
}

function places(page: Page, features: Changed<Feature>): void {
  for (const [title, sign, list] of [
    ['New places', '+', features.gained],
    ['Places gone', '-', features.lost],
  ] as const) {
    if (list.length === 0) continue;
    page.heading(`${title} (${list.length})`);
    for (const feature of list.slice(0, FEATURES_SHOWN)) featureLine(page, `  ${sign} `, feature);
    if (list.length > FEATURES_SHOWN)
      page.dim(`    … ${list.length - FEATURES_SHOWN} more (--format json)`);
  }
}

function featureLine(page: Page, start: string, { locator, evidence, feature }: Feature): void {
  const { path, at } = shownPlace(locator);
  const { columns } = page.terminal;
  const where = shownWithin(`${path}:${at}`, columns - start.length);
  const head = `${start}${feature.padEnd(14)} ${where}`;
  const room = columns - head.length - 2;
  if (room >= SAYS_COLUMNS) {
    page.line(`${head}  ${shownWithin(evidence, room)}`);
  } else {
    page.line(
      head.length <= columns ? head : `${start}${feature}\n${' '.repeat(start.length)}${where}`,
    );
    page.dim(`${' '.repeat(start.length)}  ${shownWithin(evidence, columns - start.length - 2)}`);
  }
}

function modules(page: Page, { modules }: ExaminationDiff): void {
  const { added, removed, changed, moved } = modules;
  page.heading('Modules');
  const counts = [
    `${added.length} added`,
    `${removed.length} removed`,
    `${changed.length} changed`,
    `${moved.length} moved`,
  ];
  page.line(`  ${counts.join(', ')}`);
  for (const [sign, paths] of [
    ['+', added],
    ['-', removed],
  ] as const) {
    for (const path of paths.slice(0, PLACES_SHOWN)) {
      page.line(`  ${sign} ${shownWithin(path, page.terminal.columns - 4)}`);
    }
    if (paths.length > PLACES_SHOWN) page.dim(`  ${sign} … ${paths.length - PLACES_SHOWN} more`);
  }
  for (const { from, to } of moved.filter(({ isChanged }) => isChanged).slice(0, PLACES_SHOWN)) {
    page.line(`  ~ ${shownWithin(`${from} → ${to}`, page.terminal.columns - 4)}`);
  }
}

function notRead({ old, new: now }: ExaminationDiff): string {
  const parts = [old, now].filter(({ isWhole }) => !isWhole).map(({ target }) => shown(target));
  return parts.length === 0
    ? ''
    : ` Not everything was read in ${parts.join(' and ')}: more may have changed.`;
}

function closing(page: Page, diff: ExaminationDiff): void {
  const { abilities, features } = diff;
  const what =
    abilities.gained.length > 0
      ? `New: ${abilities.gained.map(abilityText).join('; ')}.`
      : features.gained.length > 0
        ? `Nothing new in kind; ${counted(features.gained.length, 'new place')}.`
        : 'No new feature was found.';
  for (const line of wrapped(what + notRead(diff), page.terminal.columns)) {
    page.line(styled(page.terminal, 'bold', line));
  }
}
