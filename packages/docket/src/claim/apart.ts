import { LocatorRefused, normaliseLocator, printLocator } from '@avow/locator';

/**
 * A locator, or a product alone, within a line of prose: what starts it, the
 * target, the place, the guards. Each part excludes blanks, so a line is read once.
 */
const NAMED =
  /(^|[\s("'`<[{])((?:pkg|gitoid|swh):[^\s]{1,2000})(?: (@[a-z]{2,4}(?::\S{1,500})?))?((?: (?:sha256|id):[0-9A-Za-z]{1,80}){0,4})/i;
/** What ends a sentence or a quotation after a locator. */
const TAIL = /[.,;:!?)\]}'"`>]+$/;
/** Locators of one line; more are a list, not a claim. */
const MAX_NAMED = 8;
/** Longer lines hold no locator that somebody wrote. */
const MAX_LINE = 4_096;

/** A text whose locators stand on lines of their own, and what products it names beside them. */
export interface ApartText {
  readonly text: string;
  /** Distinct products named without a place. */
  readonly products: readonly string[];
}

/** Puts each locator that stands in prose on its own line, and each product without a place as a label. */
export function locatorsApart(text: string): ApartText {
  const products = new Set<string>();
  const lines = text
    .split('\n')
    .flatMap((line) =>
      line.length > MAX_LINE || !/(?:pkg|gitoid|swh):/i.test(line) ? [line] : apart(line, products),
    );
  return { text: lines.join('\n'), products: [...products] };
}

function apart(line: string, products: Set<string>): string[] {
  // A label says itself what it is.
  if (/^[ \t]*[-*]?[ \t]*(?:product|package|locator)[ \t]*[:=]/i.test(line)) {
    return [line.replace(/^[ \t]*[-*]?[ \t]*locator[ \t]*[:=][ \t]*/i, '')];
  }
  const named: string[] = [];
  let rest = line;
  for (let count = 0; count < MAX_NAMED; count++) {
    const match = NAMED.exec(rest);
    if (match === null) break;
    const [whole, before = '', target = '', place, guards = ''] = match;
    const found =
      place === undefined ? productIn(target, products) : locatorIn(target, place, guards);
    named.push(...found.lines);
    const after = rest.slice(match.index + whole.length);
    rest = `${rest.slice(0, match.index)}${before}${found.left}${after}`;
  }
  const prose = rest.replaceAll(/[("'`<[{]\s*[)"'`>\]}]/g, ' ').trim();
  return /[\p{L}\p{N}]/u.test(prose) ? [...named, prose] : named;
}

interface Found {
  readonly lines: readonly string[];
  /** What stays in the prose. */
  readonly left: string;
}

/** A name can end in a full stop, a sentence too: then both meanings are given, and it is asked. */
function locatorIn(target: string, place: string, guards: string): Found {
  const written = `${target} ${place}${guards}`;
  const bare = `${target} ${place.replace(TAIL, '')}${guards}`;
  const meant = [written, bare].flatMap((one) => canonical(one) ?? []);
  const lines = meant.length === 0 ? [bare] : [...new Set(meant)];
  return { lines, left: '' };
}

function canonical(text: string): string | undefined {
  try {
    const { target, place, guards = [] } = normaliseLocator(text);
    return printLocator({ target, place, guards });
  } catch (error) {
    if (error instanceof LocatorRefused) return undefined;
    throw error;
  }
}

/** Without a place, the product is told apart from the file, which goes on in the line. */
function productIn(target: string, products: Set<string>): Found {
  const [product = '', path = ''] = target.replace(TAIL, '').split('#');
  products.add(product);
  return { lines: [`Product: ${product}`], left: decoded(path) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
