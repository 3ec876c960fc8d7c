import { decodeText, digestOf, type Why } from '@avow/bytes';
import {
  assertHoldsFor,
  type Comparison,
  chooseDeclaration,
  compare,
  type Declaration,
  DeclarationRefused,
  type Form,
  importDeclaration,
  locatorPath,
  type Parts,
  readDeclaration,
} from '@avow/declare';
import type { Member, UnreadMember } from '@avow/formats';
import type { Examination, ExaminedDeclaration, Finding } from './result.ts';

/** A declaration's text: given by the caller, or found in the product. */
export interface DeclarationText {
  /** The file's name, for messages and places. */
  readonly source: string;
  readonly form: Form | 'avow';
  readonly text: string;
}

/** A declaration that was read, or why it could not be. */
export type Held =
  | { readonly state: 'none' }
  | {
      readonly state: 'held';
      readonly from: DeclarationText;
      readonly declaration: Declaration;
      readonly unsaid: readonly { readonly word: string; readonly line: number }[];
    }
  | { readonly state: 'refused'; readonly from: DeclarationText; readonly why: Why };

/** Names that may be a declaration's; their bytes are kept while members go by. */
const NAMES =
  /(?:^|\/)(?:avow\.(?:ya?ml|json)|manifest\.json|PrivacyInfo\.xcprivacy|deno\.jsonc?|policy\.json|cackle\.toml|package\.json)$/;
/** Within a container that is not itself an extension: of another product. */
const INNER = /(?<!\.(?:xpi|crx|vsix))!\//;
/** Members of those names, in all, that are kept; a product of more is not declared in its depths. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Notes the members that may declare the product, as they go by. */
export class DeclarationWatch {
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;

  async *watch(
    members: AsyncIterable<Member | UnreadMember>,
  ): AsyncGenerator<Member | UnreadMember> {
    for await (const member of members) {
      if (!('why' in member)) this.#note(member);
      yield member;
    }
  }

  /** The product's own declaration, or the manifest that stands for one. */
  found(): DeclarationText | undefined {
    const textOf = (path: string): string => decodeText(this.#kept.get(path)!).text;
    const chosen = chooseDeclaration([...this.#kept.keys()], textOf);
    if (chosen === undefined) return undefined;
    return { source: chosen.path, form: chosen.form, text: textOf(chosen.path) };
  }

  #note({ path, bytes }: Member): void {
    const isNested = path.includes('node_modules/') || INNER.test(path);
    if (isNested || !NAMES.test(path) || this.#bytes + bytes.length > MAX_KEPT_BYTES) return;
    this.#kept.set(path, bytes);
    this.#bytes += bytes.length;
  }
}

/** Reads a declaration and asks whether it is of this product and version. */
export function holdDeclaration(from: DeclarationText | undefined, target: string): Held {
  if (from === undefined) return { state: 'none' };
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

/** Findings, and the declaration's part of the result. Without a declaration nothing is called undeclared. */
export function judge(
  parts: Parts,
  held: Held,
): { readonly findings: readonly Finding[]; readonly declaration: ExaminedDeclaration } {
  if (held.state === 'none') return { findings: [], declaration: { state: 'none' } };
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
