/**
 * A locator names one place: a product or a blob, a module in it, an address.
 *
 * The grammar, with examples, is docs/locator.md. These are the values that it
 * stands for: decoded, normalised, equal when their canonical texts are equal.
 */
export interface Locator {
  readonly target: Target;
  readonly place: Place;
  /** At most one of each kind. */
  readonly guards: readonly Guard[];
}

/** What carries the bytes: a product by its purl, or one blob by its digest. */
export type Target =
  | { readonly kind: 'purl'; readonly purl: Purl; readonly path?: ContainerPath }
  | { readonly kind: 'gitoid'; readonly sha256: string }
  | { readonly kind: 'swh'; readonly sha1: string };

/** A Package URL (purl-spec, ECMA-427) without its subpath, parts decoded. */
export interface Purl {
  /** Lower case. */
  readonly type: string;
  readonly namespace: readonly string[];
  readonly name: string;
  /** Absent only in drafts: a locator has it. */
  readonly version?: string;
  readonly qualifiers: Readonly<Record<string, string>>;
}

/**
 * Where a module is: one list of decoded segments for the product, and one
 * more for each container (or fat slice) entered on the way.
 */
export type ContainerPath = readonly (readonly string[])[];

export type Place =
  /** From where the module is loaded, and from zero, both in bytes; `off` from the start of the file. */
  | { readonly kind: 'rva' | 'va' | 'off'; readonly address: bigint; readonly length?: number }
  | { readonly kind: 'sec'; readonly name: string; readonly offset: bigint }
  | { readonly kind: 'sym'; readonly name: string; readonly offset?: bigint }
  /** .NET metadata token (ECMA-335 II.22), 32 bits, and an offset into the method's IL. */
  | { readonly kind: 'il'; readonly token: number; readonly offset?: bigint }
  /** Function index (imports counted) and byte offset from the start of the module. */
  | { readonly kind: 'wasm'; readonly func: number; readonly offset?: bigint }
  | { readonly kind: 'line'; readonly start: Position; readonly end?: Position }
  | { readonly kind: 'rec'; readonly id: string }
  | { readonly kind: 'all' };

export type PlaceKind = Place['kind'];

/** Lines from 1; columns from 1, in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column?: number;
}

/** Binds the module's content: its SHA-256, or the identifier that its builder wrote into it. */
export type Guard =
  | { readonly kind: 'sha256'; readonly sha256: string }
  | { readonly kind: 'id'; readonly id: string };
