import { CASE_MOVES, type Case, type Docket, movesFrom } from '@avow/docket';
import type { Moderations, Published } from '@avow/stores/standing';
import type { z } from 'zod';
import { given } from '../catalogue/shown.ts';
import type { caseShape } from '../contract/cases.ts';
import { textAndHidden } from '../moderation/routes.ts';

/** How much someone sees of a case: staff all, those who take part what is said in it, others what is published. */
export type Sight = 'staff' | 'part' | 'public';

type Shown = z.output<typeof caseShape>;

export interface ShowPorts {
  readonly docket: Docket;
  readonly moderations: Moderations;
  readonly published: Published;
}

/** A case as someone may see it. Who claimed is told to staff alone. */
export async function shownCase(
  found: Case,
  sight: Sight,
  { docket, moderations, published }: ShowPorts,
): Promise<Shown> {
  const nameOf = ({ name, role }: { name: string; role: string }) => ({
    ...given('name', role === 'claimant' && sight !== 'staff' ? undefined : name),
    role,
  });
  const isPublic = sight === 'public';
  const hidden = await moderations.hidden(found.id);
  const logged = found.revisions.length === 0 ? [] : await published.loggedOf(found.id);
  const statements = found.statements
    .map((one, at) => ({ ...one, number: at + 1 }))
    .filter(({ by }) => !isPublic || by.role === 'vendor');
  return {
    id: found.id,
    state: found.state,
    locator: found.locator,
    said: found.said,
    target: found.target,
    ...given('product', found.product),
    ...given('claims', sight === 'staff' ? [...found.claims] : undefined),
    parties: isPublic ? [] : found.parties.map(nameOf),
    statements: await Promise.all(
      statements.map(async ({ number, by, at, text, stance, locator }) => ({
        number,
        by: nameOf(by),
        at,
        ...textAndHidden((await docket.textOf(text)) ?? '', hidden.get(number), sight === 'staff'),
        ...given('stance', stance),
        ...given('locator', locator),
      })),
    ),
    evidence: isPublic ? [] : found.evidence.map(({ digest, name }) => ({ digest, name })),
    runs: found.runs.map(({ runner, at, receipt, result, outcome }) => ({
      runner: sight === 'staff' ? runner : '',
      at,
      receipt,
      result,
      outcome,
    })),
    ...given('verdict', verdictOf(found, sight)),
    ...given('embargo', isPublic ? undefined : embargoOf(found)),
    missed: [...found.missed],
    can: isPublic ? [] : movesFrom(CASE_MOVES, found.state).map(({ by }) => by),
    revisions: [...found.revisions],
    ...given(
      'logged',
      logged.length === 0
        ? undefined
        : logged.map((one) => ({ ...one, entries: JSON.parse(one.entries) as string[] })),
    ),
    openedAt: found.openedAt,
    since: found.since,
    updated: found.updated,
  };
}

function verdictOf({ proposal }: Case, sight: Sight): Shown['verdict'] {
  if (proposal === undefined) return undefined;
  const { outcome, summary, by, at, approvedBy, decidedAt } = proposal;
  const isNamed = sight === 'staff';
  return {
    outcome,
    summary,
    by: isNamed ? by : '',
    at,
    ...given('approvedBy', isNamed ? approvedBy : undefined),
    ...given('decidedAt', decidedAt),
  };
}

function embargoOf({ embargo }: Case): Shown['embargo'] {
  return embargo.state === 'none'
    ? undefined
    : { state: embargo.state, ...given('end', embargo.end) };
}
