/**
 * Where inside a value the followed data is: keys from the outside in, `*` for
 * any key, `#` for any element, the empty path for the value itself (`{ a: [secret] }` holds it
 * at `a`, `0`).
 */
export type AccessPath = string;

export const WHOLE: AccessPath = '';
/** Some key, not known which. */
export const ANY = '*';
/** Some element of a list: an index, not a name. */
export const ELEMENT = '#';

const BETWEEN = '\u0000';

/** Deeper nesting is taken as the value at this depth: real payloads nest less. */
const MAX_KEYS = 4;

/** The path of the data in a value that holds, under `key`, what `path` is in. */
export function within(key: string, path: AccessPath): AccessPath {
  const keys = path === WHOLE ? [key] : [key, ...path.split(BETWEEN)];
  return keys.slice(0, MAX_KEYS).join(BETWEEN);
}

/**
 * The path in what is read under `key` (undefined: any); undefined when the
 * data is elsewhere. Parts of a value that is data as a whole are data.
 */
export function under(path: AccessPath, key: string | undefined): AccessPath | undefined {
  if (path === WHOLE) return WHOLE;
  const end = path.indexOf(BETWEEN);
  const first = end < 0 ? path : path.slice(0, end);
  if (key !== undefined && !mayBeSame(first, key)) return undefined;
  return end < 0 ? WHOLE : path.slice(end + 1);
}

function mayBeSame(one: string, other: string): boolean {
  if (one === other || one === ANY || other === ANY) return true;
  return (one === ELEMENT && isIndex(other)) || (other === ELEMENT && isIndex(one));
}

/** The outermost key; undefined for the whole. */
export function firstKey(path: AccessPath): string | undefined {
  if (path === WHOLE) return undefined;
  const end = path.indexOf(BETWEEN);
  return end < 0 ? path : path.slice(0, end);
}

/** Whether the data is the value itself or an element of a list: what turning it into text keeps. */
export function isPrintable(path: AccessPath): boolean {
  const key = firstKey(path);
  return key === undefined || (isIndex(key) && under(path, key) === WHOLE);
}

export function isIndex(key: string): boolean {
  return key === ANY || key === ELEMENT || /^\d+$/.test(key);
}
