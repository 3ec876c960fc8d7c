import { digestOf, type Why } from '@avow/bytes';
import {
  assertHoldsFor,
  type Comparison,
  compare,
  type Declaration,
  DeclarationRefused,
  importDeclaration,
  locatorPath,
  type Parts,
  readDeclaration,
} from '@avow/declare';
import type { DeclarationText } from './declared.ts';
import type { Examination, ExaminedDeclaration, Finding } from './result.ts';

/** A declaration that was read, or why it could not be. */
export type Held =
  | {
      readonly state: 'held';
      readonly from: DeclarationText;
      readonly declaration: Declaration;
      readonly unsaid: readonly { readonly word: string; readonly line: number }[];
    }
  | { readonly state: 'refused'; readonly from: DeclarationText; readonly why: Why };

/** Reads a declaration and asks whether it is of this product and version. */
export function holdDeclaration(from: DeclarationText, target: string): Held {
  try {
    if (from.form !== 'avow') {
      const { declaration, unsaid } = importDeclaration(from.form, from.text, from.source);
      return { state: 'held', from, declaration, unsaid };
    }
    const declaration = readDeclaration(from.text, from.source);
    assertHoldsFor(declaration, target, from.source);
    return { state: 'held', from, declaration, unsaid: [] };
  } catch (error) {
    if (!(error instanceof DeclarationRefused)) throw error;
    return { state: 'refused', from, why: { code: error.code, message: error.message } };
  }
}

/** Findings, and the declaration's part of the result. */
export function judge(
  parts: Parts,
  held: Held,
): { readonly findings: readonly Finding[]; readonly declaration: ExaminedDeclaration } {
  const { source, form } = held.from;
  const head = { source, form, digest: digestOf(held.from.text) };
  if (held.state === 'refused') {
    return { findings: [], declaration: { state: 'refused', ...head, why: held.why } };
  }
  const comparison = compare(withoutManifest(parts, held.from), held.declaration);
  const { date, maker } = held.declaration;
  const declaration: ExaminedDeclaration = {
    state: 'held',
    ...head,
    ...(date === undefined ? {} : { date }),
    ...(maker === '' ? {} : { maker }),
    entries: comparison.entries,
    promises: comparison.promises,
    unsaid: held.unsaid,
    states: statesOf(comparison),
  };
  return { findings: comparison.findings, declaration };
}

/** A manifest is no evidence of itself: what it permits is found only where code uses it. */
function withoutManifest(parts: Parts, { form, source }: DeclarationText): Parts {
  if (form === 'avow') return parts;
  const isOther = ({ locator }: { readonly locator: string }): boolean =>
    locatorPath(locator) !== source;
  return { ...parts, features: parts.features.filter(isOther) };
}

function statesOf({ states }: Comparison): NonNullable<ExaminedDeclaration['states']> {
  return [...states].map(([of, { state, by }]) => ({
    of,
    state,
    ...(by.length === 0 ? {} : { by }),
  }));
}

/** What of a result document is held against a declaration: a draft is made of the same. */
export function comparedParts({
  modules,
  features,
  flows,
  unknowns,
  databases,
}: Examination): Parts {
  return {
    modules,
    features: features.filter(({ record }) => record === undefined),
    flows: flows.filter(({ gate }) => gate?.startsWith('record:') !== true),
    unknowns,
    records: databases.flatMap(({ does = [] }) =>
      does.map(({ action, target, recipient, first }) => ({
        id: first,
        locator: first,
        action,
        target,
        ...(recipient === undefined ? {} : { recipient }),
      })),
    ),
  };
}
