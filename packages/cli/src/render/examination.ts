import { VOCABULARY } from '@avow/declare/vocabulary';
import type { Answer, Examination, Feature } from '@avow/examine';
import { declared } from './declared.ts';
import { flowsSection, flowsSummary } from './flows.ts';
import { nearSection, reachLines } from './native.ts';
import { outsideSection } from './outside.ts';
import { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { databaseSection } from './records.ts';
import { shown, shownWithin } from './shown.ts';
import { byFeature, type SummaryLine, summaryOf } from './summary.ts';
import { linked, type Style, styled, type Terminal } from './terminal.ts';
import { counted, grouped, listed, sized, wrapped } from './wrap.ts';

export interface TextOptions {
  /** The summary and the answer alone. */
  readonly isQuiet: boolean;
  /** Every place, however many. */
  readonly isFull: boolean;
  /** Turns a member's path and line into a link, where the member is a file of this machine. */
  readonly linkTo?: (path: string, at: string) => string | undefined;
}

/** More than this is a list that nobody reads; the JSON document has them all, `--all` prints them. */
const MODULES_SHOWN = 6;
const PLACES_SHOWN = 4;

/** The result for people: what matters first, then every feature at its place, then the answer. */
export function examinationText(
  examination: Examination,
  terminal: Terminal,
  options: TextOptions,
): string {
  const page = new Page(terminal);
  head(page, examination);
  flowsSummary(page, examination);
  summary(page, examination);
  databaseSection(page, examination, options.isFull);
  if (!options.isQuiet) {
    flowsSection(page, examination, options.isFull);
    details(page, examination, options);
    nearSection(page, examination, options.isFull);
    outsideSection(page, examination, options.isFull);
  }
  unread(page, examination, options);
  declared(page, examination, options.isFull);
  page.blank();
  answer(page, examination);
  return page.text();
}

function head(page: Page, { product, rules, engine, coverage, features }: Examination): void {
  const { terminal } = page;
  page.line(styled(terminal, 'bold', shown(product.target)));
  page.line(
    styled(terminal, 'dim', `${product.digest.slice(0, 23)}…, ${sized(product.size)}; `) +
      `${counted(coverage.modules, 'module')}, features at ${counted(features.length, 'place')}`,
  );
  page.line(styled(terminal, 'dim', `avow ${engine.version}, rules ${rules.update}`));
}

/** Of records only those that send are told with the code; all of them are told with their database. */
function toldInSummary(examination: Examination): Examination {
  const features = examination.features.filter(
    ({ record }) => record === undefined || (record.action === 'send' && record.rank !== 'low'),
  );
  return { ...examination, features };
}

function summary(page: Page, examination: Examination): void {
  const { leaves, reads, atInstall, powers, hides } = summaryOf(toldInSummary(examination));
  // "Nothing found" is never said where something was not read.
  const none = isWhole(examination) ? 'nothing found' : 'nothing in what was read';
  summaryGroup(page, 'What leaves', leaves, none);
  summaryGroup(page, 'What is read', reads, none);
  summaryGroup(page, 'What happens at installation', atInstall, none);
  summaryGroup(page, 'Power over the machine', powers, none);
  if (hides.length > 0) summaryGroup(page, 'What is hidden or transformed', hides, '');
}

const SAYS_COLUMNS = 30;

function summaryGroup(
  page: Page,
  title: string,
  lines: readonly SummaryLine[],
  none: string,
): void {
  page.heading(title);
  if (lines.length === 0) page.line(styled(page.terminal, 'dim', `  ${none}`));
  const saysColumns = Math.min(SAYS_COLUMNS, Math.max(0, ...lines.map(({ says }) => says.length)));
  for (const line of lines) {
    const room = page.terminal.columns - saysColumns - 4;
    const what = recipientsText(line, room);
    const says = wrapped(line.says, saysColumns);
    const last = says.pop()!;
    for (const part of says) page.line(`  ${part}`);
    page.line(`  ${last.padEnd(saysColumns)}  ${styled(page.terminal, 'cyan', what)}`);
  }
}

function recipientsText({ recipients, unnamed, places }: SummaryLine, room: number): string {
  if (recipients.length === 0) return counted(places, 'place');
  const tail = unnamed === 0 ? '' : `; ${grouped(unnamed)} computed`;
  const more = recipients.length === 1 ? 0 : ' and 99 more'.length;
  const items = recipients.map((recipient) => shownWithin(recipient, room - tail.length - more));
  return listed(items, room - tail.length) + tail;
}

function details(page: Page, { features }: Examination, options: TextOptions): void {
  const inCode = features.filter(({ record }) => record === undefined);
  for (const [feature, places] of byFeature(inCode)) {
    const { says } = VOCABULARY[feature];
    page.heading(capitalised(says));
    page.dim(`${feature}, ${counted(places.length, 'place')}`);
    const modules = [...Map.groupBy(places, ({ locator }) => shownPlace(locator).path)];
    const shownModules = options.isFull ? modules : modules.slice(0, MODULES_SHOWN);
    for (const [path, inModule] of shownModules) moduleDetails(page, path, inModule, options);
    const rest = modules.slice(shownModules.length);
    if (rest.length > 0) {
      const restPlaces = rest.reduce((sum, [, { length }]) => sum + length, 0);
      page.line(
        styled(
          page.terminal,
          'dim',
          `  … ${counted(restPlaces, 'place')} in ${counted(rest.length, 'module')} more (--all)`,
        ),
      );
    }
  }
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const WHEN_COLUMNS = 7;

function moduleDetails(
  page: Page,
  path: string,
  features: readonly Feature[],
  { isFull, linkTo }: TextOptions,
): void {
  const { terminal } = page;
  page.line(`  ${styled(terminal, 'underline', shownWithin(path, terminal.columns - 2))}`);
  const kept = isFull ? features : features.slice(0, PLACES_SHOWN);
  let told: readonly string[] = [];
  for (const feature of kept) {
    const { locator, evidence, recipient, when } = feature;
    const { at } = shownPlace(locator);
    const place = linked(terminal, linkTo?.(path, at), at) + ' '.repeat(Math.max(0, 9 - at.length));
    const start = 2 + Math.max(9, at.length) + 1 + WHEN_COLUMNS + 1;
    const room = Math.max(16, terminal.columns - start);
    page.line(
      `  ${styled(terminal, 'yellow', place)} ${styled(terminal, whenStyle(when), when.padEnd(WHEN_COLUMNS))} ${shownWithin(evidence, room)}`,
    );
    if (recipient !== undefined && !evidence.includes(recipient)) {
      page.line(
        `${' '.repeat(start)}${styled(terminal, 'cyan', `→ ${shownWithin(recipient, room - 2)}`)}`,
      );
    }
    // The same lines as of the place before are told once.
    const reaches = reachLines(feature, terminal, start, isFull);
    if (reaches.join() !== told.join()) for (const line of reaches) page.line(line);
    told = reaches;
  }
  const rest = features.length - kept.length;
  if (rest > 0) page.line(styled(terminal, 'dim', `  … ${counted(rest, 'place')} more (--all)`));
}

function whenStyle(when: Feature['when']): Style {
  return when === 'install' ? 'red' : 'dim';
}

/** Characters of a reason: more than any of ours has, fewer than a hostile name in one could. */
const REASON = 300;

/** Where nothing more exact can be said: an archive that was cut. */
const WHOLE_PRODUCT = 'the product as a whole';

function unread(
  page: Page,
  { modules, unknowns }: Examination,
  { isFull, isQuiet }: TextOptions,
): void {
  const failed = modules.filter(({ state }) => state !== 'read');
  if (failed.length + unknowns.length === 0) return;
  page.heading('What could not be read or decided');
  // A module that was not read is told once: with its place, where that is known.
  const placed = new Set(
    unknowns.map(({ locator, why }) => `${shownPlace(locator).path} ${why.code}`),
  );
  const unplaced = failed.filter(({ path, why }) => !placed.has(`${path} ${why?.code}`));
  const entries = [
    ...unplaced.map(({ path, state, why }) => ({
      where: shown(path),
      what: `${state}: ${why?.message ?? 'no reason given'}`,
      code: why?.code ?? '',
    })),
    ...unknowns.map(({ locator, feature, why }) => {
      const { path, at } = shownPlace(locator);
      const where = path === '' && at === 'all' ? WHOLE_PRODUCT : `${path}:${at}`;
      return { where, what: `${feature}: ${why.message}`, code: why.code };
    }),
  ];
  const kept = isFull ? entries : entries.slice(0, isQuiet ? 0 : 12);
  for (const { where, what, code } of kept) {
    page.line(
      `  ${styled(page.terminal, 'yellow', shownWithin(where, page.terminal.columns - 2))}`,
    );
    const reason = wrapped(shownWithin(what, REASON), page.terminal.columns - 4);
    const last = reason.pop()!;
    for (const line of reason) page.line(`    ${line}`);
    const fits = last.length + code.length + 5 <= page.terminal.columns;
    page.line(`    ${last}${fits ? ' ' : '\n    '}${styled(page.terminal, 'dim', shown(code))}`);
  }
  const rest = entries.slice(kept.length);
  for (const [code, { length }] of [...Map.groupBy(rest, ({ code }) => code)].map(
    ([code, list]) => [code, list] as const,
  )) {
    page.line(
      styled(
        page.terminal,
        'dim',
        `  ${kept.length > 0 ? '… ' : ''}${counted(length, 'place')}${kept.length > 0 ? ' more' : ''}: ${code}`,
      ),
    );
  }
  page.dim('  avow code CODE says what one means, and what to do');
}

const ANSWERS: Readonly<Record<Answer, { style: Style; says: (of: Examination) => string }>> = {
  undeclared: {
    style: 'red',
    says: ({ findings }) => `${counted(findings.length, 'feature')} that no declaration covers.`,
  },
  declared: { style: 'green', says: () => 'All that was found is declared.' },
  'none-found': { style: 'green', says: () => 'No feature was found.' },
  'no-declaration': {
    style: 'yellow',
    says: ({ features, declaration }) =>
      declaration?.state === 'held'
        ? 'Its manifest cannot speak of all that was found: look at the places yourself.'
        : `No declaration to hold it to: look at the ${counted(features.length, 'place')} yourself.`,
  },
  incomplete: { style: 'yellow', says: () => 'No full answer: not everything was read.' },
};

function answer(page: Page, examination: Examination): void {
  const { coverage, unknowns } = examination;
  const { style, says } = ANSWERS[examination.answer];
  const read = isWhole(examination)
    ? `Every module was read (${grouped(coverage.modules)}).`
    : unknowns.some(({ why }) => why.code === 'product.nothing-read')
      ? 'There is nothing in it that Avow can read.'
      : `Read ${grouped(coverage.modulesRead)} of ${counted(coverage.modules, 'module')}, ${share(coverage.bytesRead, coverage.bytes)} of the bytes${isOpenEnded(unknowns) ? ' that were found' : ''}; ${counted(unknowns.length, 'place')} undecided.`;
  for (const line of wrapped(`${says(examination)} ${read}`, page.terminal.columns)) {
    page.line(styled(page.terminal, [style, 'bold'], line));
  }
}

function isWhole({ coverage, unknowns }: Examination): boolean {
  return coverage.modulesRead === coverage.modules && unknowns.length === 0;
}

/** True where nobody knows how much there is: the product itself could not be read to its end. */
function isOpenEnded(unknowns: Examination['unknowns']): boolean {
  return unknowns.some(({ locator, why }) => {
    const { path, at } = shownPlace(locator);
    // That data was not followed is of the whole product too, and says nothing of its bytes.
    return path === '' && at === 'all' && why.code !== 'flow.left-out';
  });
}

/** Rounded down, for all of it must be all of it. */
function share(part: number, whole: number): string {
  return whole === 0 ? '100 %' : `${Math.floor((part / whole) * 100)} %`;
}
