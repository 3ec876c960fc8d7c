import type { Digest } from '@avow/bytes';
import type { FeatureId } from '@avow/declare';
import type { Examination, ExaminedDeclaration } from '../result.ts';
import type { Changed } from './diff.ts';

/** What the maker says differently, and what has come out from under the declaration. */
export interface DeclarationChange {
  /** Digests of the two declarations; absent where there is none. */
  readonly old?: Digest;
  readonly new?: Digest;
  /** Entries and promises, as YAML. */
  readonly entries: Changed<string>;
  readonly promises: Changed<string>;
  /** Features and flows that both releases have: declared only now, and declared only before. */
  readonly covered: Changed<CoveredChange>;
}

export interface CoveredChange {
  readonly of: string;
  /** One feature, or a flow's source and destination. */
  readonly features: readonly FeatureId[];
  readonly recipient?: string;
  /** In the new release. */
  readonly locator: string;
}

/** Undefined when neither release has a declaration that holds. */
export function declarationChange(
  before: Examination,
  after: Examination,
): DeclarationChange | undefined {
  const [old, now] = [before.declaration, after.declaration];
  if (old?.state !== 'held' && now?.state !== 'held') return undefined;
  const [oldStates, newStates] = [statesOf(old), statesOf(now)];
  const moved = (from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): string[] =>
    [...from.keys()].filter(
      (id) => from.get(id) === 'declared' && to.has(id) && to.get(id) !== 'declared',
    );
  return {
    ...(old?.digest === undefined ? {} : { old: old.digest }),
    ...(now?.digest === undefined ? {} : { new: now.digest }),
    entries: changed(old?.entries, now?.entries),
    promises: changed(old?.promises, now?.promises),
    covered: {
      gained: placed(moved(newStates, oldStates), after),
      lost: placed(moved(oldStates, newStates), after),
    },
  };
}

function placed(
  ids: readonly string[],
  { features = [], flows = [] }: Examination,
): CoveredChange[] {
  const wanted = new Set(ids);
  const to = (recipient: string | undefined) => (recipient === undefined ? {} : { recipient });
  return [
    ...flows
      .filter(({ id }) => wanted.has(id))
      .map(({ id, source, destination, recipient, hops }) => ({
        of: id,
        features: [source, destination],
        ...to(recipient),
        locator: hops.at(-1)!.locator,
      })),
    ...features
      .filter(({ id }) => wanted.has(id))
      .map(({ id, feature, recipient, locator }) => ({
        of: id,
        features: [feature],
        ...to(recipient),
        locator,
      })),
  ];
}

type Said = readonly { readonly says?: string }[] | undefined;

function changed(before: Said, after: Said): Changed<string> {
  const [old, now] = [before, after].map(
    (list) => new Set((list ?? []).flatMap(({ says }) => (says === undefined ? [] : [says]))),
  ) as [Set<string>, Set<string>];
  return {
    gained: [...now].filter((says) => !old.has(says)),
    lost: [...old].filter((says) => !now.has(says)),
  };
}

function statesOf(declaration: ExaminedDeclaration | undefined): ReadonlyMap<string, string> {
  return new Map((declaration?.states ?? []).map(({ of, state }) => [of, state]));
}
