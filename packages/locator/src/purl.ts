import { cut, Faults, type Piece, split } from './faults.ts';
import type { Purl } from './locator.ts';
import { decodePercent, encodeSegment } from './percent.ts';
import { quoted } from './refused.ts';

/**
 * Package URLs, after purl-spec 1.0 (ECMA-427), without the subpath: a
 * module's path is the locator's own, since purl libraries drop `..` segments
 * and re-encode what follows `#`.
 */
const TYPE = /^[a-z][a-z0-9.-]*$/i;
const QUALIFIER_KEY = /^[a-z][a-z0-9._-]*$/i;

/** Types whose definition calls the namespace and name case-insensitive, lower case canonical. */
const LOWER_CASE_TYPES = new Set(['alpm', 'apk', 'bitbucket', 'composer', 'deb', 'github', 'hex']);

/**
 * The canonical value: type and qualifier keys in lower case, empty
 * qualifiers dropped, the type's own rules for names applied.
 *
 * npm names are kept as they are: `JSONStream` and `jsonstream` are two
 * packages, whatever the type's definition says.
 */
export function normalisePurl(purl: Purl): Purl {
  const type = purl.type.toLowerCase();
  const lower = LOWER_CASE_TYPES.has(type);
  const fold = (text: string): string => (lower ? text.toLowerCase() : text);
  const name =
    type === 'pypi' ? purl.name.toLowerCase().replaceAll(/[-_.]+/g, '-') : fold(purl.name);
  const qualifiers: Record<string, string> = {};
  const keys = Object.keys(purl.qualifiers).filter((key) => purl.qualifiers[key] !== '');
  for (const key of keys.sort(byText)) {
    Object.defineProperty(qualifiers, key.toLowerCase(), {
      value: purl.qualifiers[key]!,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return {
    type,
    namespace: purl.namespace.filter((segment) => segment !== '').map(fold),
    name,
    ...(purl.version === undefined ? {} : { version: purl.version }),
    qualifiers,
  };
}

/** The canonical text. */
export function printPurl(purl: Purl): string {
  const { type, namespace, name, version, qualifiers } = normalisePurl(purl);
  const path = [...namespace, name].map(encodeSegment).join('/');
  const query = Object.keys(qualifiers)
    .sort(byText)
    .map((key) => `${key}=${encodeSegment(qualifiers[key]!)}`)
    .join('&');
  const at = version === undefined ? '' : `@${encodeSegment(version)}`;
  return `pkg:${type}/${path}${at}${query === '' ? '' : `?${query}`}`;
}

/**
 * Reads a purl alone, in any spelling, with or without a version; gives the
 * canonical value. A subpath is refused: it is no file path (decision 0080).
 *
 * Refuses `locator.purl`, `locator.percent`, every fault at once.
 */
export function parsePurl(text: string): Purl {
  const faults = new Faults();
  const [head, subpath] = cut({ text, at: 0 }, '#');
  if (!/^pkg:/i.test(text) || subpath !== undefined) {
    faults.add({
      code: 'locator.purl',
      at: subpath?.at ?? 0,
      found: subpath === undefined ? quoted(text) : 'a subpath',
      expected: '"pkg:type/name@version" without "#"',
    });
  }
  const purl = readPurl(head, 'may lack a version', faults);
  return purl === undefined || faults.list.length > 0 ? faults.refuse() : normalisePurl(purl);
}

/**
 * Reads the text between `pkg:` (included) and `#`. Case and order are taken
 * as they come: `normalisePurl` settles them.
 */
export function readPurl(
  piece: Piece,
  version: 'has a version' | 'may lack a version',
  faults: Faults,
): Purl | undefined {
  const before = faults.list.length;
  const [body, query] = cut(skip(piece, 'pkg:'.length), '?');
  const slash = body.text.indexOf('/');
  const type = slash === -1 ? body.text : body.text.slice(0, slash);
  if (!TYPE.test(type)) {
    faults.add({
      code: 'locator.purl',
      at: body.at,
      found: `type ${quoted(type)}`,
      expected: 'a purl type of letters, digits, "." and "-", then "/"',
    });
  }
  const rest = skip(body, slash === -1 ? body.text.length : slash + 1);
  const lastAt = rest.text.lastIndexOf('@');
  const names = lastAt === -1 ? rest : { text: rest.text.slice(0, lastAt), at: rest.at };
  const parts = split(names, '/').map((part) => readPart(part, 'name', faults));
  const isVersioned = lastAt !== -1 && lastAt < rest.text.length - 1;
  if (!isVersioned && version === 'has a version') {
    faults.add({
      code: 'locator.no-version',
      at: rest.at + (lastAt === -1 ? rest.text.length : lastAt),
      found: 'no version',
      expected: '"@" and the version or update number',
    });
  }
  const release = isVersioned ? readPart(skip(rest, lastAt + 1), 'version', faults) : undefined;
  const qualifiers = query === undefined ? {} : readQualifiers(query, faults);
  if (faults.list.length > before) return undefined;
  return {
    type,
    namespace: parts.slice(0, -1) as string[],
    name: parts.at(-1)!,
    ...(release === undefined ? {} : { version: release }),
    qualifiers,
  };
}

function readQualifiers(query: Piece, faults: Faults): Record<string, string> {
  const qualifiers: Record<string, string> = Object.create(null);
  for (const pair of split(query, '&')) {
    const [key, value] = cut(pair, '=');
    if (!QUALIFIER_KEY.test(key.text) || value === undefined || key.text in qualifiers) {
      faults.add({
        code: 'locator.purl',
        at: pair.at,
        found: `qualifier ${quoted(pair.text)}`,
        expected: '"key=value", each key once, keys of letters, digits, ".", "-" and "_"',
      });
      continue;
    }
    const decoded = readPart(value, `qualifier ${key.text}`, faults);
    if (decoded !== undefined) qualifiers[key.text] = decoded;
  }
  return { ...qualifiers };
}

function readPart(part: Piece, what: string, faults: Faults): string | undefined {
  const text = decodePercent(part.text);
  if (text === undefined) {
    return faults.add({
      code: 'locator.percent',
      at: part.at,
      found: `${what} ${quoted(part.text)}`,
      expected: 'UTF-8 in "%" and two hex digits',
    });
  }
  const mayBeEmpty = what.startsWith('qualifier');
  if (
    (text === '' && !mayBeEmpty) ||
    text.includes('\0') ||
    (what === 'name' && text.includes('/'))
  ) {
    return faults.add({
      code: 'locator.purl',
      at: part.at,
      found: `${what} ${quoted(part.text)}`,
      expected: `a ${what} that is not empty and holds neither NUL nor an encoded "/"`,
    });
  }
  return text;
}

function skip(piece: Piece, count: number): Piece {
  return { text: piece.text.slice(count), at: piece.at + count };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
