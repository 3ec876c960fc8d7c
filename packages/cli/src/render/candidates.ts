import { VOCABULARY } from '@avow/declare/vocabulary';
import type { Candidate } from '@avow/examine';
import { Page } from './page.ts';
import { shownPlace } from './place.ts';
import { shown, shownWithin } from './shown.ts';
import { styled, type Terminal } from './terminal.ts';
import { counted } from './wrap.ts';

/** What was found in one product. */
export interface Found {
  readonly target: string;
  /** Everything in it was read and decided. */
  readonly isWhole: boolean;
  readonly candidates: readonly Candidate[];
}

const TITLES: Readonly<Record<Candidate['fit'], string>> = {
  record: 'Records that may have done it',
  feature: 'Places of this feature',
  recipient: 'Features that go there',
  evidence: 'Features whose code names it',
  text: 'Files in which it stands',
};

const SHOWN = 20;

/** Candidates for people, likeliest first. */
export function candidatesText(
  symptom: string,
  found: readonly Found[],
  terminal: Terminal,
): string {
  const page = new Page(terminal);
  for (const { target, isWhole, candidates } of found) {
    page.heading(shown(target));
    if (candidates.length === 0) {
      page.line(`  "${shownWithin(symptom, 40)}" was not found in what was read`);
    }
    for (const [fit, list] of Map.groupBy(candidates, (candidate) => candidate.fit)) {
      page.line(`  ${TITLES[fit]}`);
      for (const candidate of list.slice(0, SHOWN)) candidateLines(page, candidate);
      if (list.length > SHOWN)
        page.dim(`    … ${counted(list.length - SHOWN, 'place')} more (--format json)`);
    }
    if (!isWhole)
      page.line(
        styled(terminal, 'yellow', '  Not everything in it was read: it may stand elsewhere too.'),
      );
  }
  return page.text();
}

function candidateLines(page: Page, { locator, evidence, feature, form }: Candidate): void {
  const { columns } = page.terminal;
  const { path, at } = shownPlace(locator);
  const what = feature === undefined ? form! : VOCABULARY[feature.feature].says;
  page.line(`    ${styled(page.terminal, 'yellow', shownWithin(`${path}:${at}`, columns - 8))}`);
  page.line(
    `      ${shownWithin(what, 30)}: ${shownWithin(evidence, columns - 10 - Math.min(30, what.length))}`,
  );
}
