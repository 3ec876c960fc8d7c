import type { Digest } from '@avow/bytes';
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
  /** Ids of features and flows that both releases have, declared in the old and not in the new; and the other way. */
  readonly covered: Changed<string>;
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
    covered: { gained: moved(newStates, oldStates), lost: moved(oldStates, newStates) },
  };
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
