/** Where one value of a JSON text begins and ends. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
  /** The member's name, for a member of an object. */
  readonly name: string | undefined;
}

/** Deeper nesting than any rule set has; above it a text is not read. */
const MAX_NESTING = 64;

const INTEREST = /["[\]{}]/g;

/**
 * Elements of the array, or members of the object, that begins at `from`
 * (RFC 8259), without parsing them: so that each can be parsed, placed and
 * let go of by itself. Stops at the first place that is no JSON.
 */
export function* elementsOf(text: string, from: number): Generator<JsonSpan> {
  const isObject = text[from] === '{';
  let at = from + 1;
  for (;;) {
    at = afterBlank(text, at);
    const char = text[at];
    if (char === undefined || char === ']' || char === '}') return;
    if (char === ',') {
      at++;
      continue;
    }
    let name: string | undefined;
    if (isObject) {
      const end = afterString(text, at);
      if (end === undefined) return;
      name = text.slice(at + 1, end - 1);
      at = afterBlank(text, end);
      if (text[at] !== ':') return;
      at = afterBlank(text, at + 1);
    }
    const end = afterValue(text, at);
    if (end === undefined || end === at) return;
    yield { start: at, end, name };
    at = end;
  }
}

export function afterBlank(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 32 || (code >= 9 && code <= 13); )
    code = text.charCodeAt(++at);
  return at;
}

function afterString(text: string, from: number): number | undefined {
  if (text.charCodeAt(from) !== 34) return undefined;
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return undefined;
}

function afterValue(text: string, from: number): number | undefined {
  const char = text[from];
  if (char === '"') return afterString(text, from);
  if (char !== '{' && char !== '[') {
    let at = from;
    while (at < text.length && /[-+.\w]/.test(text[at]!)) at++;
    return at;
  }
  let depth = 0;
  INTEREST.lastIndex = from;
  for (;;) {
    const match = INTEREST.exec(text);
    if (match === null) return undefined;
    if (match[0] === '"') {
      const end = afterString(text, match.index);
      if (end === undefined) return undefined;
      INTEREST.lastIndex = end;
    } else if (match[0] === '{' || match[0] === '[') {
      if (++depth > MAX_NESTING) return undefined;
    } else if (--depth === 0) {
      return match.index + 1;
    }
  }
}
