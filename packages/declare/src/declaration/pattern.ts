/**
 * Wildcards of declarations: hosts, URLs, paths, commands, names. Matching is
 * linear in text times wildcards kept few, with no backtracking over more than
 * the last `*`.
 */

/** The word for a recipient that no reading could tell. */
export const UNRESOLVED = 'unresolved';
/** The word for a record that hands nothing on. */
export const LOCAL = 'local';

const HOST =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^@/\s]*@)?(\[[0-9a-f:.]+\]|(?:\*\.)?[\w-]+(?:\.[\w-]+)*\.?)(?::(\d+|\*))?(\/\S*)?$/i;

export interface HostParts {
  readonly scheme: string | undefined;
  /** Lower case, without a final dot. `*.` in front stands for any number of labels, at least one. */
  readonly host: string;
  readonly port: string | undefined;
  readonly path: string | undefined;
}

/** Recipients and patterns come again and again; what is kept of them is dropped whole at this many. */
const MAX_KEPT = 50_000;
const KEPT = new Map<string, HostParts>();

/** The parts of a URL or host; undefined for paths, commands and names. */
export function hostParts(text: string): HostParts | undefined {
  // What has neither is a name or a plain word.
  if (!text.includes('.') && !text.includes(':') && !text.startsWith('localhost')) {
    return undefined;
  }
  const known = KEPT.get(text);
  if (known !== undefined) return known;
  const parts = readHost(text);
  if (parts === undefined) return undefined;
  if (KEPT.size >= MAX_KEPT) KEPT.clear();
  KEPT.set(text, parts);
  return parts;
}

function readHost(text: string): HostParts | undefined {
  if (text.length > 2_048) return undefined;
  const match = HOST.exec(text);
  if (match === null) return undefined;
  const [, scheme, host, port, path] = match;
  const isHost =
    scheme !== undefined ||
    host!.includes('.') ||
    port !== undefined ||
    host!.startsWith('[') ||
    host === 'localhost';
  if (!isHost) return undefined;
  return {
    scheme: scheme?.toLowerCase(),
    host: host!.toLowerCase().replace(/\.$/, ''),
    port,
    path,
  };
}

/** Whether a recipient (undefined: none could be told) is within what a pattern of `to` or `from` names. */
export function isRecipient(pattern: string, recipient: string | undefined): boolean {
  if (pattern === '*') return true;
  if (recipient === undefined) return pattern === UNRESOLVED;
  if (pattern === recipient) return true;
  const [wanted, actual] = [hostParts(pattern), hostParts(recipient)];
  if (wanted !== undefined && actual !== undefined) return isWithinHost(wanted, actual);
  if (!pattern.includes('*')) return false;
  return isCommand(pattern) ? matchesAny(pattern, recipient) : matchesPath(pattern, recipient);
}

/** A place may reach one of several: `localhost | scarf.sh`. */
export function alternativesOf(recipient: string): readonly string[] {
  return recipient.includes(' | ') ? recipient.split(' | ') : [recipient];
}

/** Whether all that a recipient may be is within these patterns; no patterns limit nothing. */
export function isWithinAll(patterns: readonly string[], recipient: string | undefined): boolean {
  if (patterns.length === 0) return true;
  const isAny = (one: string | undefined): boolean =>
    patterns.some((pattern) => isRecipient(pattern, one));
  return (
    isAny(recipient) ||
    (recipient?.includes(' | ') === true && alternativesOf(recipient).every(isAny))
  );
}

function isWithinHost(wanted: HostParts, actual: HostParts): boolean {
  const isHost = wanted.host.startsWith('*.')
    ? actual.host.endsWith(wanted.host.slice(1))
    : actual.host === wanted.host;
  return (
    isHost &&
    isSame(wanted.scheme, actual.scheme) &&
    isSame(wanted.port, actual.port) &&
    (wanted.path === undefined ||
      wanted.path === '/' ||
      matchesAny(wanted.path, actual.path ?? '/'))
  );
}

/** What a pattern leaves out, and what a recipient does not tell, decides nothing. */
function isSame(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === '*' || actual === undefined || wanted === actual;
}

function isCommand(pattern: string): boolean {
  return /\s/.test(pattern);
}

/** A module path within a pattern: `*` within a segment, `**` across them; a folder's name with `/` at its end is all within it. */
export function isModule(pattern: string, path: string): boolean {
  if (pattern === path || pattern === '*' || pattern === '**') return true;
  if (pattern.endsWith('/')) return path.startsWith(pattern);
  if (pattern.endsWith('/**') && pattern.indexOf('*') === pattern.length - 2) {
    return path.startsWith(pattern.slice(0, -2));
  }
  return pattern.includes('*') && matchesPath(pattern, path);
}

/** `*` stands for any text. Greedy with one way back: linear for each `*`. */
export function matchesAny(pattern: string, text: string): boolean {
  return match(pattern.replaceAll(/\*+/g, '*'), text, () => true);
}

function matchesPath(pattern: string, text: string): boolean {
  if (!pattern.includes('**')) return match(pattern, text, (character) => character !== '/');
  return matchDeep(pattern.split(/\*\*\/?/), text);
}

/** The pieces between `**`: first and last are anchored, those between are looked for from left to right. */
function matchDeep(pieces: readonly string[], text: string): boolean {
  const first = prefixEnd(pieces[0]!, text);
  if (first === undefined) return false;
  let at = first;
  for (const piece of pieces.slice(1, -1)) {
    const end = piece === '' ? at : findEnd(piece, text, at);
    if (end === undefined) return false;
    at = end;
  }
  const last = pieces.at(-1)!;
  if (last === '') return true;
  for (let from = at; from <= text.length; from += 1) {
    const isStart = from === at || text[from - 1] === '/';
    if (isStart && match(last, text.slice(from), (character) => character !== '/')) return true;
  }
  return false;
}

function prefixEnd(piece: string, text: string): number | undefined {
  if (!piece.includes('*')) return text.startsWith(piece) ? piece.length : undefined;
  return findEndAt(piece, text, 0);
}

function findEnd(piece: string, text: string, from: number): number | undefined {
  for (let at = from; at <= text.length; at += 1) {
    const end = findEndAt(piece, text, at);
    if (end !== undefined) return end;
  }
  return undefined;
}

function findEndAt(piece: string, text: string, at: number): number | undefined {
  const segments = piece.split('/').length - 1;
  let end = at;
  for (let count = 0; count < segments; count += 1) {
    const slash = text.indexOf('/', end);
    if (slash === -1) return undefined;
    end = slash + 1;
  }
  return match(piece, text.slice(at, end), (character) => character !== '/') ? end : undefined;
}

function match(pattern: string, text: string, mayEat: (character: string) => boolean): boolean {
  let [p, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      [star, resume] = [p, t];
      p += 1;
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (star !== -1 && mayEat(text[resume]!)) {
      resume += 1;
      [p, t] = [star + 1, resume];
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** Whether everything that `inner` names lies within `outer`, as far as their texts tell. */
export function isPatternWithin(outer: string, inner: string): boolean {
  if (outer === '*' || outer === '**' || outer === inner) return true;
  if (inner === '*' || inner === UNRESOLVED) return false;
  return isRecipient(outer, inner.replace(/^\*\./, 'x.')) && isRecipient(outer, inner);
}
