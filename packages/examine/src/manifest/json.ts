import { Refused } from '@avow/bytes';

/** A JSON value that knows its place: offsets in UTF-16 code units. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: string | number | boolean | null | undefined;
  /** Of an object, in order; a key twice is there twice. */
  readonly entries: readonly JsonEntry[];
  /** Of a list. */
  readonly items: readonly JsonNode[];
}

export interface JsonEntry {
  readonly key: string;
  /** Where the key's quote is. */
  readonly start: number;
  readonly node: JsonNode;
}

/** Levels; real manifests have under ten. */
const MAX_NESTING = 200;

/**
 * JSON (RFC 8259) with places, and with what manifests have besides: a byte
 * order mark, comments, commas at the end.
 *
 * Refuses `manifest.json` at what is none, and at nesting beyond 200 levels.
 */
export function readJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

/** The value under these keys; the last of equal keys counts, as in `JSON.parse`. */
export function jsonAt(node: JsonNode, ...keys: readonly string[]): JsonNode | undefined {
  let at: JsonNode | undefined = node;
  for (const key of keys) at = at?.entries.findLast((entry) => entry.key === key)?.node;
  return at;
}

const LITERAL = /-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,10})?|true|false|null/y;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  value(depth: number): JsonNode {
    if (depth > MAX_NESTING) this.#refuse('nested too deep');
    this.#skip();
    const start = this.#at;
    const char = this.#text[start];
    if (char === '{') return this.#object(start, depth);
    if (char === '[') return this.#list(start, depth);
    if (char === '"') {
      const value = this.#string();
      return { start, end: this.#at, value, entries: [], items: [] };
    }
    LITERAL.lastIndex = start;
    const literal = LITERAL.exec(this.#text)?.[0];
    if (literal === undefined) this.#refuse(char === undefined ? 'it ends too early' : `"${char}"`);
    this.#at += literal.length;
    return { start, end: this.#at, value: JSON.parse(literal), entries: [], items: [] };
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) this.#refuse('more after the value');
  }

  #object(start: number, depth: number): JsonNode {
    const entries: JsonEntry[] = [];
    this.#at += 1;
    while (!this.#closes('}')) {
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') this.#refuse('a key must stand here');
      const key = this.#string();
      this.#skip();
      if (this.#text[this.#at] !== ':') this.#refuse('a colon must stand here');
      this.#at += 1;
      entries.push({ key, start: keyStart, node: this.value(depth + 1) });
    }
    return { start, end: this.#at, value: undefined, entries, items: [] };
  }

  #list(start: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at += 1;
    while (!this.#closes(']')) items.push(this.value(depth + 1));
    return { start, end: this.#at, value: undefined, entries: [], items };
  }

  /** Steps over a comma; true, and past it, where the bracket closes. */
  #closes(bracket: string): boolean {
    this.#skip();
    if (this.#text[this.#at] === ',') {
      this.#at += 1;
      this.#skip();
    }
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #string(): string {
    const start = this.#at;
    let at = start + 1;
    while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === '\\' ? 2 : 1;
    this.#at = at + 1;
    try {
      return JSON.parse(this.#text.slice(start, at + 1).replaceAll('\t', '\\t'));
    } catch {
      this.#at = start;
      this.#refuse('a text that does not end, or with a wrong escape');
    }
  }

  #skip(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === ' ' || char === '\n' || char === '\r' || char === '\t') this.#at += 1;
      else if (this.#text.startsWith('//', this.#at)) this.#skipTo('\n');
      else if (this.#text.startsWith('/*', this.#at)) this.#skipTo('*/');
      else return;
    }
  }

  #skipTo(mark: string): void {
    const end = this.#text.indexOf(mark, this.#at + 2);
    this.#at = end < 0 ? this.#text.length : end + mark.length;
  }

  #refuse(found: string): never {
    throw new Refused('manifest.json', this.#at, found);
  }
}
