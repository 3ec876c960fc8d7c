import { HOLE } from './value.ts';

/** `path.join` of POSIX over texts with holes: separators to `/`, `.` and `..` taken out where they can be. */
export function joinedPath(parts: readonly string[]): string {
  return normalisedPath(parts.filter((part) => part !== '').join('/'));
}

/** `path.resolve`: from the last absolute part on; relative to the working folder otherwise. */
export function resolvedPath(parts: readonly string[]): string {
  let from = 0;
  for (const [index, part] of parts.entries()) if (isRooted(part)) from = index;
  return joinedPath(parts.slice(from));
}

export function isRooted(path: string): boolean {
  return /^([/\\~$…]|[A-Za-z]:)/.test(path);
}

function normalisedPath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    const last = kept.at(-1);
    if (segment === '' || segment === '.') continue;
    if (segment !== '..' || last === undefined || last === '..' || isUnknown(last))
      kept.push(segment);
    else kept.pop();
  }
  const text = kept.join('/');
  if (isAbsolute) return `/${text}`;
  return path.startsWith('./') ? `./${text}` : text;
}

function isUnknown(segment: string): boolean {
  return segment.includes(HOLE) || segment.startsWith('$') || segment === '~';
}

/** `new URL(text, base).href` for constant parts, holes kept. */
export function resolvedUrl(text: string, base: string | undefined): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) || base === undefined) return text;
  if (base === './…') return text;
  const origin = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)([^?#]*)/i.exec(base);
  if (origin === null) return undefined;
  if (text.startsWith('//')) return `${origin[1]!.split(':')[0]}:${text}`;
  if (text.startsWith('/')) return origin[1] + text;
  const folder = origin[2]!.slice(0, origin[2]!.lastIndexOf('/') + 1) || '/';
  return origin[1] + folder + text;
}
