import { Faults, type Piece, split } from './faults.ts';
import { orderGuards, readGuard } from './guard.ts';
import type { Guard, Locator } from './locator.ts';
import { readPlace } from './place.ts';
import { printLocator } from './print.ts';
import { type LocatorFault, quoted } from './refused.ts';
import { readTarget } from './target.ts';

/**
 * Longer texts are refused unread: paths end at 4,096 bytes on every system we
 * know, three characters each when encoded, some containers deep.
 */
export const MAX_LOCATOR_LENGTH = 65_536;

/**
 * Reads canonical text (docs/locator.md), and that alone: a stored locator has
 * one spelling. Texts that people paste go through `readLoose`.
 *
 * Refuses with every fault at once: `locator.too-long`, `locator.spacing`,
 * `locator.target`, `locator.purl`, `locator.no-version`, `locator.percent`,
 * `locator.path`, `locator.no-place`, `locator.place`, `locator.guard`, and
 * `locator.not-canonical` when the text reads but is spelt otherwise.
 */
export function parseLocator(text: string): Locator {
  const faults = new Faults();
  const locator = readLocator(text, faults);
  if (locator !== undefined && faults.list.length === 0) {
    const canonical = printLocator(locator);
    if (canonical === text) return locator;
    faults.add(notCanonical(text, canonical));
  }
  return faults.refuse();
}

/**
 * Takes other spellings of the same grammar (upper-case hex, leading zeros,
 * qualifiers in any order, needless percent signs) and gives the value that
 * the canonical text stands for. Refuses as `parseLocator`, but for
 * `locator.not-canonical`.
 */
export function normaliseLocator(text: string): Locator {
  const faults = new Faults();
  const locator = readLocator(text, faults);
  if (locator !== undefined && faults.list.length === 0) return locator;
  return faults.refuse();
}

function readLocator(text: string, faults: Faults): Locator | undefined {
  if (text.length > MAX_LOCATOR_LENGTH) {
    return faults.add({
      code: 'locator.too-long',
      at: MAX_LOCATOR_LENGTH,
      found: `${text.length} characters`,
      expected: `at most ${MAX_LOCATOR_LENGTH}`,
    });
  }
  for (const odd of text.matchAll(/[^\x21-\x7e ]+/g)) {
    faults.add({
      code: 'locator.spacing',
      at: odd.index,
      found: quoted(odd[0]),
      expected: 'printable ASCII, one space between tokens, all else percent-encoded',
    });
  }
  const tokens = split({ text, at: 0 }, ' ');
  for (const token of tokens.filter((piece) => piece.text === '')) {
    faults.add({
      code: 'locator.spacing',
      at: token.at,
      found: 'a space too many',
      expected: 'one space between tokens, none at the ends',
    });
  }
  return readTokens(
    tokens.filter((piece) => piece.text !== ''),
    text.length,
    faults,
  );
}

function readTokens(tokens: readonly Piece[], end: number, faults: Faults): Locator | undefined {
  const [targetPiece, placePiece, ...guardPieces] = tokens;
  const target = readTarget(targetPiece ?? { text: '', at: 0 }, faults);
  const place =
    placePiece === undefined
      ? faults.add({
          code: 'locator.no-place',
          at: end,
          found: 'the end of the text',
          expected: 'a space and a place: "@rva:0x…", "@line:12", "@rec:…"',
        })
      : readPlace(placePiece, faults);
  const guards: Guard[] = [];
  for (const piece of guardPieces) {
    const guard = readGuard(piece, guards, faults);
    if (guard !== undefined) guards.push(guard);
  }
  if (target === undefined || place === undefined) return undefined;
  return { target, place, guards: orderGuards(guards) };
}

function notCanonical(text: string, canonical: string): LocatorFault {
  let at = 0;
  while (at < text.length && text[at] === canonical[at]) at += 1;
  return {
    code: 'locator.not-canonical',
    at,
    found: quoted(text.slice(at)),
    expected: `the canonical text ${canonical}`,
  };
}
