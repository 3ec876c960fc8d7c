import { cp437Text, latin1Text, utf8Text, type Why } from '@avow/bytes';

/** A member's path within its container, and what was odd about its stored name. */
export interface CanonicalName {
  readonly path: string;
  readonly oddities: readonly Why[];
}

/** A stored name as text. Bytes that are not UTF-8 get the format's old encoding and an oddity. */
export function decodeName(
  bytes: Uint8Array,
  fallback: 'cp437' | 'latin-1',
): { readonly name: string; readonly oddities: readonly Why[] } {
  const name = utf8Text(bytes);
  if (name !== undefined) return { name, oddities: [] };
  return {
    name: fallback === 'cp437' ? cp437Text(bytes) : latin1Text(bytes),
    oddities: [
      { code: 'container.name-encoding', message: `the name is not UTF-8; read as ${fallback}` },
    ],
  };
}

/** A name that is its path already, as nearly all are. */
const PLAIN_NAME = /^[\w@+~-][\w@+~.-]*(?:\/[\w@+~-][\w@+~.-]*)*$/;

/**
 * Makes a member's path of a stored name, by the rules of docs/formats/README.md.
 *
 * Every path can be written in a locator and means one member's place: it is
 * never empty, absolute or climbing, and `!/` stands only where a container is
 * entered. What had to be changed for that leaves an oddity. The path is only
 * compared and printed; no file is opened by it.
 */
export function canonicalName(name: string, backslash: 'letter' | 'separator'): CanonicalName {
  if (PLAIN_NAME.test(name)) return { path: name, oddities: [] };
  const oddities: Why[] = [];
  let text = name;
  if (backslash === 'separator' && name.includes('\\')) {
    text = name.replaceAll('\\', '/');
    oddities.push({
      code: 'container.name-backslash',
      message: 'backslashes in the name were read as separators',
    });
  }
  if (/\p{Surrogate}/u.test(text)) {
    oddities.push({ code: 'container.name-encoding', message: 'the name has half a character' });
    text = text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  }
  if (text.startsWith('/') || /^[A-Za-z]:\//.test(text)) {
    oddities.push({ code: 'container.name-absolute', message: 'the name is absolute' });
  }
  if (/[\0-\x1f\x7f]/.test(text)) {
    oddities.push({ code: 'container.name-control', message: 'the name has control characters' });
    text = text.replaceAll('\0', '\u2400');
  }
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) {
    oddities.push({ code: 'container.name-parent', message: 'the name climbs with ..' });
  }
  if (segments.some((segment, i) => segment.endsWith('!') && i < segments.length - 1)) {
    oddities.push({
      code: 'container.name-nesting',
      message: 'the name has the sign of a nested container, !/',
    });
  }
  if (segments.length === 0)
    oddities.push({ code: 'container.name-empty', message: 'the name is empty' });
  const path = segments.map((segment, i) => writable(segment, i < segments.length - 1)).join('/');
  return { path: path || '(nameless)', oddities };
}

/** A segment as a locator can have it: `..` and a folder's last `!` in parentheses. */
function writable(segment: string, isFolder: boolean): string {
  if (segment === '..') return '(..)';
  return isFolder && segment.endsWith('!') ? `${segment.slice(0, -1)}(!)` : segment;
}

/** A path without its first segment, as npm unpacks; undefined where there is only one. */
export function withoutFirstSegment(path: string): string | undefined {
  const slash = path.indexOf('/');
  return slash < 0 ? undefined : path.slice(slash + 1);
}
