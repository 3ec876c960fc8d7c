/** Steps in one name; the longest of real ones take some hundred. */
const MAX_STEPS = 2_000;

/** What stands for one system inside `std::sys`: no part of what a function does. */
const PLATFORM = new Set([
  'pal',
  'unix',
  'linux',
  'windows',
  'wasi',
  'common',
  'connection',
  'socket',
  'process_common',
  'unsupported',
]);

/**
 * `std.fs.read` of a mangled Rust name: crate, modules, type and function,
 * without hashes and type arguments, without the underscores and the `inner`
 * by which the standard library parts what is generic from what is not, and
 * without the modules of one system. Both manglings: version 0 (RFC 2603) and
 * the one before, which is C++'s with a hash at its end. Undefined for what is
 * not Rust's, and for closures.
 */
export function rustName(name: string): string | undefined {
  const parts = partsOf(name.replace(/^_(?=_)/, ''));
  if (parts === undefined || parts.length < 2) return undefined;
  const isInner = parts.at(-1) === 'inner' && parts.length > 2;
  const bare = (isInner ? parts.slice(0, -1) : parts).map((part) => part.replace(/^_+/, ''));
  if (bare[0] === 'std' && /^sys(?:_common)?$/.test(bare[1]!)) {
    return ['std', 'sys', ...bare.slice(2).filter((part) => !PLATFORM.has(part))].join('.');
  }
  return bare.join('.');
}

function partsOf(name: string): readonly string[] | undefined {
  if (/^_R[A-Z]/.test(name)) return new Mangled(name).parts();
  const old = /^_ZN([\w$.]{1,400})17h[0-9a-f]{16}E/.exec(name)?.[1];
  return old === undefined ? undefined : oldParts(old);
}

/** `3std2fs4read`; an implementation is told by its type, or by its trait where the type has no name. */
function oldParts(text: string): readonly string[] | undefined {
  let parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const digits = /^\d{1,3}/.exec(text.slice(at, at + 3))?.[0];
    if (digits === undefined) return undefined;
    const from = at + digits.length;
    at = from + Number(digits);
    const part = text.slice(from, at);
    const implemented =
      /^_?\$LT\$(?:impl\$u20\$)?([\w.]+?)(?:\$u20\$(?:as|for)\$u20\$([\w.]+))?\$GT\$/.exec(part);
    if (implemented === null) {
      if (part.includes('$')) return undefined;
      parts.push(part);
    } else parts = namedOf(implemented[1]!, implemented[2]).split('..');
  }
  return parts;
}

function namedOf(first: string, second: string | undefined): string {
  return first.includes('..') || second === undefined ? first : second;
}

/** Reads version 0 by descent; every step is counted, for back references may go round. */
class Mangled {
  readonly #text: string;
  #at = 0;
  #steps = 0;

  constructor(name: string) {
    this.#text = name.slice(2);
  }

  parts(): readonly string[] | undefined {
    return this.#path();
  }

  get #next(): string {
    return this.#text[this.#at] ?? '';
  }

  #take(letter: string): boolean {
    if (this.#next !== letter) return false;
    this.#at += 1;
    return true;
  }

  #path(): string[] | undefined {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) return undefined;
    const tag = this.#next;
    this.#at += 1;
    switch (tag) {
      case 'C':
        return this.#identifiers([]);
      case 'M':
        return this.#impl() && this.#type();
      case 'X':
        return this.#impl() && this.#asTrait();
      case 'Y':
        return this.#asTrait();
      case 'N': {
        // A closure (C) or shim (S) is no function that a name is known of.
        const isNamed = /[a-z]/.test(this.#next);
        this.#at += 1;
        const parts = this.#path();
        return isNamed && parts !== undefined ? this.#identifiers(parts) : undefined;
      }
      case 'I': {
        const parts = this.#path();
        return parts !== undefined && this.#skipArguments() ? parts : undefined;
      }
      case 'B':
        return this.#back(() => this.#path());
      default:
        return undefined;
    }
  }

  /** The path of an implementation is where it stands, which is no part of the name. */
  #impl(): true | undefined {
    this.#disambiguator();
    return this.#path() === undefined ? undefined : true;
  }

  /** The type, or the trait where the type has no name. */
  #asTrait(): string[] | undefined {
    const type = this.#type();
    const trait = type === undefined ? undefined : this.#path();
    return trait !== undefined && type!.length > 0 ? type : trait;
  }

  /** Parts of a type's name; none for one of the language itself. */
  #type(): string[] | undefined {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) return undefined;
    const tag = this.#next;
    if (/[a-z]/.test(tag)) {
      this.#at += 1;
      return [];
    }
    if (/[CMXYNI]/.test(tag)) return this.#path();
    this.#at += 1;
    switch (tag) {
      case 'B':
        return this.#back(() => this.#type());
      case 'R':
      case 'Q':
        if (this.#take('L')) this.#number();
        return this.#type() && [];
      case 'P':
      case 'O':
      case 'S':
        return this.#type() && [];
      case 'A':
        return this.#type() !== undefined && this.#constant() ? [] : undefined;
      case 'T':
        while (!this.#take('E')) if (this.#type() === undefined) return undefined;
        return [];
      default:
        // Function pointers and trait objects: nothing that rules name has them.
        return undefined;
    }
  }

  #skipArguments(): boolean {
    while (!this.#take('E')) {
      if (this.#take('L')) this.#number();
      else if (this.#take('K')) {
        if (!this.#constant()) return false;
      } else if (this.#type() === undefined) return false;
    }
    return true;
  }

  /** A placeholder, or a type's letter and hexadecimal digits. */
  #constant(): boolean {
    const found = /^(?:p|[a-z]n?[0-9a-f]{0,64}_)/.exec(this.#text.slice(this.#at, this.#at + 70));
    this.#at += found?.[0].length ?? 0;
    return found !== null;
  }

  #identifiers(parts: string[]): string[] | undefined {
    this.#disambiguator();
    const found = /^(\d{1,4})_?/.exec(this.#text.slice(this.#at, this.#at + 5));
    if (found === null) return undefined;
    this.#at += found[0].length;
    const end = this.#at + Number(found[1]);
    if (end > this.#text.length) return undefined;
    parts.push(this.#text.slice(this.#at, end));
    this.#at = end;
    return parts;
  }

  #disambiguator(): void {
    if (this.#take('s')) this.#number();
  }

  /** Base 62 to an underscore; `_` alone is zero. Not a number where none ends. */
  #number(): number {
    const digits = /^[0-9a-zA-Z]{0,11}_/.exec(this.#text.slice(this.#at, this.#at + 12))?.[0];
    if (digits === undefined) return Number.NaN;
    this.#at += digits.length;
    if (digits === '_') return 0;
    let value = 0;
    for (const digit of digits.slice(0, -1)) value = value * 62 + DIGITS.indexOf(digit);
    return value + 1;
  }

  #back<Value>(read: () => Value | undefined): Value | undefined {
    const from = this.#at - 1;
    const to = this.#number();
    if (!(to < from)) return undefined;
    const after = this.#at;
    this.#at = to;
    const value = read();
    this.#at = after;
    return value;
  }
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
