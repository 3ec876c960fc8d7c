/** A version has a number in it, and the ranges of package managers are none: not `latest`, not `^1.4.0`. */
const VERSION = '(?![~^])[^\\s<>=*]*\\d[^\\s<>=*]*';

/** `1.4.0`, `1.4.*`, `*`, or comparisons that must all hold: `>=1.4.0 <2.0.0`. */
export const VERSION_PATTERN = new RegExp(
  `^(?:\\*|${VERSION}(?:\\.\\*)?|[<>]=?${VERSION}(?: [<>]=?${VERSION})*)$`,
);
export const MAX_VERSION_PATTERN = 200;

export function isVersionPattern(text: string): boolean {
  return text.length <= MAX_VERSION_PATTERN && VERSION_PATTERN.test(text);
}

/** Whether a declaration with these patterns holds for a version; none means for the one it ships with. */
export function holdsFor(patterns: readonly string[], version: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matches(pattern, version));
}

function matches(pattern: string, version: string): boolean {
  if (pattern === '*' || pattern === version) return true;
  if (pattern.endsWith('.*')) return version.startsWith(pattern.slice(0, -1));
  if (!/^[<>]/.test(pattern)) return false;
  return pattern.split(' ').every((part) => {
    const [, sign, bound] = /^(>=|<=|>|<)(.*)$/.exec(part)!;
    const order = compareVersions(version, bound!);
    if (sign === '>=') return order >= 0;
    if (sign === '<=') return order <= 0;
    return sign === '>' ? order > 0 : order < 0;
  });
}

/**
 * Numbers as numbers, words as text; what follows `-` is before the release
 * (as in semver 2.0.0, section 11), what follows `+` does not count.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const order = compareLists(left.main, right.main);
  if (order !== 0) return order;
  if (left.pre === undefined || right.pre === undefined) {
    return (left.pre === undefined ? 1 : 0) - (right.pre === undefined ? 1 : 0);
  }
  return compareLists(left.pre, right.pre);
}

function partsOf(version: string): { main: readonly string[]; pre: readonly string[] | undefined } {
  const [release] = version.replace(/^v(?=\d)/, '').split('+');
  const dash = release!.indexOf('-');
  if (dash === -1) return { main: release!.split('.'), pre: undefined };
  return { main: release!.slice(0, dash).split('.'), pre: release!.slice(dash + 1).split('.') };
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = comparePart(a[index] ?? '0', b[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const isNumber = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber[0] && isNumber[1]) {
    const [left, right] = [BigInt(a), BigInt(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (isNumber[0] !== isNumber[1]) return isNumber[0] ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
