import { RE2JS } from 're2js';
import type { Probe } from './rules.ts';

/** Longer patterns are lists of words, and the engine's program grows with them. */
const MAX_PATTERN = 2_000;

/** A pattern without any of these finds no number or address. */
const HINT = /\\d|\[[^\]]*[09@]|@|\[:digit:\]/;

/**
 * What kind of personal data a pattern looks for, found by trying it on sample
 * values; patterns are never read for their meaning.
 *
 * Patterns are hostile: they run in a linear-time engine (RE2), on the samples
 * only. What RE2 lacks is left out where that only widens the pattern (look
 * around); a pattern that still does not compile has no answer.
 */
export class PatternProbe {
  readonly #probes: readonly Probe[];
  readonly #plain: readonly string[];
  readonly #known = new Map<string, Probe | undefined>();

  constructor(probes: readonly Probe[], plain: readonly string[]) {
    this.#probes = probes;
    this.#plain = plain;
  }

  kindOf(pattern: string): Probe | undefined {
    if (pattern.length > MAX_PATTERN || !HINT.test(pattern)) return undefined;
    if (!this.#known.has(pattern)) this.#known.set(pattern, this.#try(pattern));
    return this.#known.get(pattern);
  }

  #try(pattern: string): Probe | undefined {
    let compiled: RE2JS;
    try {
      compiled = RE2JS.compile(withoutLookaround(pattern), RE2JS.CASE_INSENSITIVE);
    } catch {
      return undefined;
    }
    const finds = (text: string) => compiled.matcher(text).find();
    if (this.#plain.some(finds)) return undefined;
    return this.#probes.find(
      ({ samples }) => samples.filter(finds).length * 2 >= samples.length && samples.some(finds),
    );
  }
}

/** Groups that only say what must or must not stand beside the match are left out. */
export function withoutLookaround(pattern: string): string {
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const look = /^\(\?<?[=!]/.exec(pattern.slice(at, at + 4));
    if (pattern[at] === '\\') {
      out += pattern.slice(at, at + 2);
      at++;
    } else if (look !== null) {
      at = closeOf(pattern, at) ?? pattern.length;
    } else {
      out += pattern[at];
    }
  }
  return out;
}

function closeOf(pattern: string, from: number): number | undefined {
  let depth = 0;
  let isClass = false;
  for (let at = from; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (isClass) isClass = char !== ']';
    else if (char === '[') isClass = true;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at;
  }
  return undefined;
}
