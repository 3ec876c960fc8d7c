import type { FeatureId, RecordTarget } from '@avow/declare';
import type { Literal } from '@avow/formats/record';
import { PatternProbe } from './probe.ts';
import type { RecordRules, ScriptletRow, Word } from './rules.ts';
import { WordFinder } from './words.ts';

/** What a record's texts say of its target. */
export interface Sighting {
  readonly target: RecordTarget;
  readonly source: FeatureId | undefined;
  /** For the deciding fields: `text "id_rsa" (credential.ssh)`. */
  readonly decided: string;
}

/** Bytes of base64 worth decoding: shorter runs are words by chance. */
const BASE64 = /(?:[A-Za-z0-9+/]{4}){5,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/g;

/**
 * Our rules for records, made ready to be used on millions of them: word
 * automaton, pattern probe, tables by name.
 */
export class Sight {
  readonly rules: RecordRules;
  readonly finder: WordFinder;
  readonly probe: PatternProbe;
  readonly scriptlets: ReadonlyMap<string, ScriptletRow>;
  readonly securityHeaders: ReadonlySet<string>;
  readonly grantingHeaders: ReadonlySet<string>;
  readonly plainValues: ReadonlySet<string>;
  readonly securityNames: ReadonlySet<string>;

  constructor(rules: RecordRules) {
    this.rules = rules;
    this.finder = new WordFinder(rules.words);
    this.probe = new PatternProbe(rules.probes, rules.plain);
    this.scriptlets = new Map(
      rules.scriptlets.flatMap((row) => row.names.map((name) => [name, row] as const)),
    );
    this.securityHeaders = new Set(rules.securityHeaders);
    this.grantingHeaders = new Set(rules.grantingHeaders);
    this.plainValues = new Set(rules.plainValues);
    this.securityNames = new Set(rules.securityNames);
  }

  /** The most confidential thing that a record's texts look for; undefined where they look for none. */
  seen(literals: readonly Literal[]): Sighting | undefined {
    let best: Sighting | undefined;
    for (const { text, written } of literals) {
      best = better(best, this.#inText(text, written));
      if (written === 'regex') best = better(best, this.inRegex(text));
      else if (text.length >= 24) best = better(best, this.#inBase64(text));
    }
    return best;
  }

  /** The same for words that were found. */
  ofWords(found: readonly number[]): Sighting {
    const words = found.map((index) => this.rules.words[index]!);
    const word = words.reduce((a, b) => (ORDER[b.list] < ORDER[a.list] ? b : a));
    return { target: word.list, source: word.feature, decided: sayWord(word) };
  }

  /** What kind of personal data a pattern looks for. */
  inRegex(pattern: string): Sighting | undefined {
    const kind = this.probe.kindOf(pattern);
    if (kind === undefined) return undefined;
    return { target: 'pii', source: undefined, decided: `pattern finds ${kind.says} (${kind.id})` };
  }

  #inText(text: string, written: Literal['written']): Sighting | undefined {
    const bare = written === 'regex' ? withoutEscapes(text) : text;
    const found = this.finder.findInText(bare);
    return found === undefined ? undefined : this.ofWords(found);
  }

  #inBase64(text: string): Sighting | undefined {
    for (const run of text.match(BASE64) ?? []) {
      const found = this.finder.find(bytesOfBase64Text(run));
      if (found !== undefined) {
        const sighting = this.ofWords(found);
        return { ...sighting, decided: `${sighting.decided} in base64` };
      }
    }
    return undefined;
  }
}

const ORDER: Readonly<Record<Word['list'], number>> = { keyword: 0, credential: 1, document: 2 };
const TARGET_ORDER: Readonly<Partial<Record<RecordTarget, number>>> = {
  keyword: 0,
  credential: 1,
  pii: 2,
  document: 3,
};

function better(a: Sighting | undefined, b: Sighting | undefined): Sighting | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (TARGET_ORDER[b.target] ?? 9) < (TARGET_ORDER[a.target] ?? 9) ? b : a;
}

function sayWord(word: Word): string {
  return `text ${JSON.stringify(word.text)} (${word.id})`;
}

/** `\.ssh\/id_rsa` reads `.ssh/id_rsa`: the characters that a pattern takes as they are. */
function withoutEscapes(pattern: string): string {
  return pattern.replaceAll(/\\([^a-zA-Z0-9])/g, '$1').replaceAll(/\\s[+*]?|\[ -?_?\][+*?]?/g, ' ');
}

const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function bytesOfBase64Text(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  let bits = 0;
  let held = 0;
  for (const char of text) {
    const digit = BASE64_DIGITS.indexOf(char);
    if (digit === -1) break;
    held = (held << 6) | digit;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes.subarray(0, at);
}
