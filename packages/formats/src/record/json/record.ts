import { textOfLatin1, type Why } from '@avow/bytes';
import { DatabaseRecord, type Literal, type RecordFormat } from '../record.ts';

const NO_FIELDS: ReadonlyMap<string, string> = new Map();

/** One value of a JSON or YAML rule set, parsed when it is made. */
export class ValueRecord extends DatabaseRecord {
  readonly format: RecordFormat;
  readonly kind: string;
  readonly id: string;
  /** The parsed value; an empty object where it could not be parsed. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly #enabled: boolean;
  readonly #revision: string | undefined;
  readonly #detects: readonly string[];
  readonly #tells: ReadonlyMap<string, string>;

  constructor(
    member: string,
    line: number,
    offset: number,
    source: string,
    parts: {
      readonly format: RecordFormat;
      readonly kind: string;
      readonly id: string;
      readonly value: Readonly<Record<string, unknown>>;
      readonly enabled?: boolean;
      readonly revision?: string | undefined;
      readonly unknown?: Why | undefined;
      /** The keys that make up the detection; all where none are given. */
      readonly detects?: readonly string[];
      /** A field within one of those keys that only describes it. */
      readonly tells?: ReadonlyMap<string, string>;
    },
  ) {
    super(member, line, offset, source);
    this.format = parts.format;
    this.kind = parts.kind;
    this.id = parts.id;
    this.value = parts.value;
    this.#enabled = parts.enabled ?? true;
    this.#revision = parts.revision;
    this.#detects = parts.detects ?? [];
    this.#tells = parts.tells ?? NO_FIELDS;
    this.unknown = parts.unknown;
  }

  override get revision(): string | undefined {
    return this.#revision;
  }

  override get enabled(): boolean {
    return this.#enabled;
  }

  /** Keys in order, so that a re-ordered rule is the same. */
  override get detection(): string {
    if (this.unknown !== undefined) return this.source;
    const all = this.#detects.length > 0 ? this.#detects : Object.keys(this.value);
    const keys = all.filter((key) => this.value[key] !== undefined).sort();
    return keys.map((key) => `${key}=${canonical(this.#detected(key), 0)}`).join('\n');
  }

  #detected(key: string): unknown {
    const value = this.value[key];
    const told = this.#tells.get(key);
    if (told === undefined || value === null || typeof value !== 'object') return value;
    return { ...value, [told]: undefined };
  }

  /** Every text inside the value. */
  override literals(): readonly Literal[] {
    const found: Literal[] = [];
    gather(this.value, 0, found);
    return found;
  }
}

/** Aliases of YAML can make a small text a large tree; what lies deeper is not taken. */
const MAX_DEPTH = 32;
const MAX_LITERALS = 10_000;

function gather(value: unknown, depth: number, into: Literal[]): void {
  if (into.length >= MAX_LITERALS || depth > MAX_DEPTH) return;
  if (typeof value === 'string') into.push({ text: value, written: 'text' });
  else if (Array.isArray(value)) for (const one of value) gather(one, depth + 1, into);
  else if (value !== null && typeof value === 'object') {
    for (const one of Object.values(value)) gather(one, depth + 1, into);
  }
}

function canonical(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth + 1)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one, depth + 1)}`).join(',')}}`;
}

/** The object of a JSON text of one character a byte, or why there is none. */
export function objectOf(
  source: string,
  code: string,
): { readonly value: Readonly<Record<string, unknown>>; readonly unknown?: Why } {
  try {
    const value: unknown = JSON.parse(textOfLatin1(source));
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return { value: value as Record<string, unknown> };
    return { value: {}, unknown: { code, message: 'no object where a rule belongs' } };
  } catch (error) {
    return { value: {}, unknown: { code, message: (error as Error).message.slice(0, 200) } };
  }
}
