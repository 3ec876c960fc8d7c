import { RE2JS } from 're2js';

/** A compiled pattern: linear in the text, whatever the text. */
export interface TextPattern {
  /** Whether a text, in lower case, has the plain characters that every match has: quick, and mostly not so. */
  mayBeIn(lower: string): boolean;
  isIn(text: string): boolean;
}

/**
 * A rule's pattern, in RE2's engine: products choose the texts that it meets.
 * Undefined for what RE2 does not have (look-around, backreferences).
 */
export function textPattern(pattern: string, ignoresCase: boolean): TextPattern | undefined {
  const flags = RE2JS.DOTALL | (ignoresCase ? RE2JS.CASE_INSENSITIVE : 0);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pythonToRe2(pattern), flags);
  } catch {
    return undefined;
  }
  const needed = literalOf(pattern)?.toLowerCase();
  return {
    mayBeIn: (lower) => needed === undefined || lower.includes(needed),
    isIn: (text) => compiled.matcher(text).find(),
  };
}

/** Python's `\Z` is the end of the text, RE2's `\z`; `\/` and the like are the character itself. */
function pythonToRe2(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, (whole, escaped: string) => {
    if (escaped === 'Z') return '\\z';
    return /[\w\\]/.test(escaped) || '.*+?()[]{}|^$-'.includes(escaped)
      ? whole
      : /[/"'#%&,:;<=>@`~!\s]/.test(escaped)
        ? escaped
        : whole;
  });
}

/** Shorter literals are in most texts, and spare nothing. */
const MIN_LITERAL = 3;

/**
 * The longest run of plain characters that every match holds; undefined where
 * alternatives, groups and classes leave none. Most texts fail on it, and it
 * costs a hundredth of the pattern.
 */
export function literalOf(pattern: string): string | undefined {
  let best = '';
  let run = '';
  let depth = 0;
  const close = (): void => {
    if (run.length > best.length) best = run;
    run = '';
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at]!;
    if (character === '\\') {
      const escaped = pattern[++at] ?? '';
      if (/\w/.test(escaped)) close();
      else if (depth === 0) run += escaped;
    } else if (character === '[') {
      close();
      at = endOfClass(pattern, at);
    } else if (character === '(') {
      close();
      depth += 1;
    } else if (character === ')') {
      depth -= 1;
      run = '';
    } else if (character === '|') {
      if (depth === 0) return undefined;
    } else if (character === '?' || character === '*' || character === '{') {
      // What stands before may be missing.
      run = run.slice(0, -1);
      close();
      if (character === '{') at = Math.max(at, pattern.indexOf('}', at));
    } else if ('.+^$'.includes(character)) {
      close();
    } else if (depth === 0) {
      run += character;
    }
  }
  close();
  // Characters outside ASCII may change their length with their case.
  return best.length >= MIN_LITERAL && /^[\x20-\x7e]+$/.test(best) ? best : undefined;
}

function endOfClass(pattern: string, from: number): number {
  let at = from + 1;
  if (pattern[at] === '^') at += 1;
  if (pattern[at] === ']') at += 1;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at;
}
