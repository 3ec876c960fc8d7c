import { textOfLatin1 } from '@avow/bytes';
import { DatabaseRecord, type Literal } from '../record.ts';

/** `eval:name(arguments)`. */
export interface EvalCall {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** What `score`, `describe`, `tflags` lines of the folder say of a test. */
export interface TestAttributes {
  score?: string;
  describe?: string;
  tflags?: string;
}

/** A test or a setting of a SpamAssassin folder. */
export class SpamRule extends DatabaseRecord {
  readonly format = 'spamassassin';
  /** The line's first word: `body`, `header`, `urirhssub`, `def_welcomelist_auth`. */
  readonly kind: string;
  readonly isTest: boolean;
  readonly #enabled: boolean;
  readonly #attributes: ReadonlyMap<string, TestAttributes> | undefined;
  /** After the first word and, for a test, its name. */
  readonly rest: string;
  readonly #id: string;

  constructor(
    member: string,
    line: number,
    offset: number,
    source: string,
    parts: { kind: string; id: string; rest: string; isTest: boolean; enabled: boolean },
    attributes?: ReadonlyMap<string, TestAttributes>,
  ) {
    super(member, line, offset, source);
    this.kind = parts.kind;
    this.isTest = parts.isTest;
    this.rest = parts.rest;
    this.#id = parts.id;
    this.#enabled = parts.enabled;
    this.#attributes = attributes;
  }

  /** A test's name; the first word and the value for a setting. */
  override get id(): string {
    return this.#id;
  }

  get attributes(): TestAttributes {
    return (this.isTest ? this.#attributes?.get(this.#id) : undefined) ?? {};
  }

  /** Off where a condition around it does not hold or its score is 0. */
  override get enabled(): boolean {
    return this.#enabled && !/^(?:0(?:\.0*)?\s*)+$/.test(this.attributes.score ?? '1');
  }

  /** Without the spaces around its words. */
  override get detection(): string {
    return `${this.kind} ${this.#id} ${this.rest.replaceAll(/\s+/g, ' ').trim()}`;
  }

  /** The plugin function a test calls, with its arguments, quotes off. */
  get call(): EvalCall | undefined {
    const match = /(?:^|\s)eval:(\w+)\s*\((.*)\)\s*$/.exec(this.rest);
    if (match === null) return undefined;
    return { name: match[1]!, arguments: argumentsOf(match[2]!) };
  }

  /** Its regular expression with flags, for tests that have one. */
  get regex(): { readonly source: string; readonly flags: string } | undefined {
    const match =
      /(?:^|[=!]~\s*)\s*(?:m(\W)|(\/))(.*)([/\W])([a-z]*)\s*(?:\[if-unset:[^\]]*\])?\s*$/s.exec(
        this.rest.trim(),
      );
    if (match === null) return undefined;
    return { source: textOfLatin1(match[3]!), flags: match[5]! };
  }

  override literals(): readonly Literal[] {
    const { call, regex } = this;
    if (call !== undefined) return call.arguments.map((text) => ({ text, written: 'text' }));
    if (regex !== undefined) return [{ text: regex.source, written: 'regex' }];
    return this.kind === 'meta' ? [] : [{ text: textOfLatin1(this.rest), written: 'text' }];
  }
}

/** Characters of a call's arguments: a quote that is not closed is looked for from each quote on. */
const MAX_ARGUMENTS = 4_096;

function argumentsOf(text: string): string[] {
  const found: string[] = [];
  for (const match of text
    .slice(0, MAX_ARGUMENTS)
    .matchAll(/\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,'"]+))\s*(?:,|$)/g))
    found.push(match[1] ?? match[2] ?? match[3]!.trim());
  return found;
}
