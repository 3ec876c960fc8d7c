import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from '@babel/parser';

/**
 * Hostile text must not cost its square: every pattern of the sources searches
 * long texts that repeat what makes such searches begin anew at each character.
 * A square costs some 20 ms at this length, a line a tenth of one.
 */
const LENGTH = 6_000;
const LIMIT_MS = 8;

/** Files, and folders, of patterns that do cost a square, on texts that are short; each says why they are. */
const BOUNDED: Readonly<Record<string, string>> = {
  'packages/cli/src/commands/code.ts': 'our own pages',
  'packages/cli/src/render/wrap.ts': 'the digits of a number',
  'packages/docket/src/claim/': 'lines of what is claimed have a limit, and are read in a child',
  'packages/examine/src/diff/': 'locators, in which # is written %23 but once',
  'packages/examine/src/record/find.ts': 'MAX_SYMPTOM',
  'packages/examine/src/record/probe.ts': 'MAX_PATTERN',
  'packages/examine/src/rules/pattern.ts': 'our own rules',
  'packages/formats/src/record/spamassassin/conditions.ts': 'white space is one character before',
  'packages/formats/src/record/spamassassin/rule.ts': 'MAX_ARGUMENTS',
  'packages/locator/src/loose/': 'MAX_LINE',
  'packages/portal/src/pages/docket/claim-form.ts': 'MAX_PLACE',
  'packages/portal/src/pages/search/pasted.ts': 'MAX_PASTED',
  'packages/server/src/people/password.ts': 'a digest of ours',
};

const UNITS = [
  ...' \t\na0._-/*"\'\\<>([{=,;:@#$%&|!?+~',
  ...['a ', 'a.', '/*', '//', '\\"', '<!--', '<a', '""', 'a,', 'a=', 'a/', '0.', '%4', '${', 'a@'],
  ...['a:', '- ', 'a\n', '\n ', '--', 'a-', '*/', '[a', '(a', ' =', '="', '{{', '|a'],
];

interface Pattern {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

function patterns(): Pattern[] {
  const files = globSync('packages/*/{src,islands}/**/*.ts', {
    exclude: ['**/*.test.ts', '**/*.d.ts', '**/{testdata,testkit}/**', '**/stores/src/contract/**'],
  });
  return files.flatMap((file) => patternsIn(file.replaceAll('\\', '/'))).sort(byPlace);
}

function byPlace(a: Pattern, b: Pattern): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
}

function patternsIn(file: string): Pattern[] {
  const text = readFileSync(file, 'utf8');
  const { tokens } = parse(text, { sourceType: 'module', plugins: ['typescript'], tokens: true });
  return (tokens ?? []).flatMap(({ value, loc }) =>
    isRegExp(value) && /[*+{]/.test(value.pattern)
      ? [{ file, line: loc.start.line, source: value.pattern, flags: value.flags }]
      : [],
  );
}

/** As a token of Babel has it. */
function isRegExp(value: unknown): value is { pattern: string; flags: string } {
  return typeof value === 'object' && value !== null && 'pattern' in value && 'flags' in value;
}

/** The text on which a pattern is slow, if there is one. */
function slowOn({ source, flags }: Pattern): string | undefined {
  const pattern = new RegExp(source, flags.replace('g', ''));
  // What a pattern begins with, so that it gets to the rest.
  const [, lead = ''] = /^\^?([^\\[(.*+?{|^$]{1,12})/.exec(source) ?? [];
  return [...UNITS, ...UNITS.map((unit) => lead + unit)].find((text) => {
    const unit = text.slice(text.startsWith(lead) && text !== lead ? lead.length : 0);
    const long = `${text}${unit.repeat(LENGTH / unit.length)}\u0001`;
    // Slow once may be the machine.
    return [1, 2, 3].every(() => costOf(pattern, long) > LIMIT_MS);
  });
}

/** Milliseconds of the processor for a search. */
function costOf(pattern: RegExp, text: string): number {
  pattern.lastIndex = 0;
  const before = process.cpuUsage();
  pattern.test(text);
  return process.cpuUsage(before).user / 1_000;
}

test('no pattern costs the square of a text that may be long', { timeout: 240_000 }, () => {
  const slow = patterns().flatMap((pattern) => {
    if (Object.keys(BOUNDED).some((place) => pattern.file.startsWith(place))) return [];
    const text = slowOn(pattern);
    const { file, line, source } = pattern;
    return text === undefined ? [] : [`${file}:${line} /${source}/ on ${JSON.stringify(text)} …`];
  });
  assert.deepEqual(slow, []);
});

test('a pattern that costs a square is found', () => {
  for (const source of [String.raw`\s+$`, String.raw`(\S+) FOUND`, String.raw`^\s*SecRule`]) {
    assert.notEqual(slowOn({ file: '', line: 0, source, flags: 'm' }), undefined, source);
  }
});
