import type { RuleFeature, Scope } from '../rule/rule.ts';
import { TextWatch } from './texts.ts';

/** A value of an operand: exact, so a bigint only where a number is not. */
export type Exact = number | bigint;

export function exactOf(value: bigint): Exact {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** A pattern of bytes, and the feature that it is. */
export interface AskedBytes {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Names of the characteristics, `os:linux`, `arch:amd64` and the like, all by `kind:value`. */
type NamedKind =
  | 'api'
  | 'import'
  | 'export'
  | 'function-name'
  | 'section'
  | 'mnemonic'
  | 'characteristic'
  | 'os'
  | 'arch'
  | 'format';

/**
 * The features that some rule asks for, each with a number, so that nothing
 * else of a module is looked at or kept.
 */
export class AskedFeatures {
  /** Asked of texts that code refers to. */
  readonly texts = new TextWatch();
  /** Asked of every text in the file. */
  readonly fileTexts = new TextWatch();
  readonly bytes: AskedBytes[] = [];
  readonly #ids = new Map<string, number>();
  readonly #inFile = new Set<number>();
  readonly #inCode = new Set<number>();
  readonly #features: (RuleFeature | undefined)[] = [];
  readonly #values: Record<'number' | 'offset', Map<Exact, number[]>> = {
    number: new Map(),
    offset: new Map(),
  };

  get count(): number {
    return this.#features.length;
  }

  /** The feature of a number; undefined for a part of a rule that has none. */
  featureOf(id: number): RuleFeature | undefined {
    return this.#features[id];
  }

  /** Number of a feature, given to it at its first mention. */
  ask(feature: RuleFeature, scope: Scope): number {
    const key = keyOf(feature);
    const id = this.#ids.get(key) ?? this.#features.push(feature) - 1;
    this.#ids.set(key, id);
    const asked = scope === 'file' ? this.#inFile : this.#inCode;
    if (asked.has(id)) return id;
    asked.add(id);
    if (scope === 'file') watch(this.fileTexts, feature, id);
    else this.#index(feature, id);
    return id;
  }

  /** A number for a part of a rule, matched in a scope of its own. */
  askPart(): number {
    return this.#features.push(undefined) - 1;
  }

  /** -1 where no rule asks. */
  named(kind: NamedKind | 'match', value: string): number {
    return this.#ids.get(`${kind}:${value}`) ?? -1;
  }

  /** Features that a value of an operand is. */
  valued(
    kind: 'number' | 'offset',
    value: Exact,
    operand: number,
    bits: 32 | 64,
  ): readonly number[] {
    const ids = this.#values[kind].get(value);
    if (ids === undefined) return NONE;
    return ids.filter((id) => {
      const feature = this.#features[id]!;
      if (feature.kind !== kind) return false;
      const isOperand = feature.operand === undefined || feature.operand === operand;
      return isOperand && (feature.bits === undefined || feature.bits === bits);
    });
  }

  blocks(): number {
    return this.#ids.get('basic blocks:') ?? -1;
  }

  #index(feature: RuleFeature, id: number): void {
    watch(this.texts, feature, id);
    switch (feature.kind) {
      case 'bytes':
        this.bytes.push({ id, bytes: bytesOf(feature.value) });
        return;
      case 'number':
      case 'offset':
        for (const value of spellings(BigInt(feature.value), feature.kind)) {
          const ids = this.#values[feature.kind].get(value) ?? [];
          ids.push(id);
          this.#values[feature.kind].set(value, ids);
        }
        return;
      default:
        return;
    }
  }
}

function watch(texts: TextWatch, feature: RuleFeature, id: number): void {
  if (feature.kind === 'string') texts.whole(feature.value, id);
  else if (feature.kind === 'substring') texts.part(feature.value, id);
  else if (feature.kind === 'regex') texts.pattern(feature.value, feature.ignoresCase, id);
}

const NONE: readonly number[] = [];

function keyOf(feature: RuleFeature): string {
  switch (feature.kind) {
    case 'basic blocks':
      return 'basic blocks:';
    case 'regex':
      return `regex:${feature.ignoresCase ? 'i' : ''}:${feature.value}`;
    case 'number':
    case 'offset':
      return `${feature.kind}:${feature.value}:${feature.bits ?? ''}:${feature.operand ?? ''}`;
    default:
      return `${feature.kind}:${feature.value}`;
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Numbers are unsigned in code, of either size; offsets are signed. */
function spellings(value: bigint, kind: 'number' | 'offset'): readonly Exact[] {
  if (kind === 'offset' || value >= 0n) return [exactOf(value)];
  return [exactOf(BigInt.asUintN(32, value)), exactOf(BigInt.asUintN(64, value))];
}
