import { cut, Faults, type Piece, split } from './faults.ts';
import type { ContainerPath, Target } from './locator.ts';
import { decodePercent, encodeSegment } from './percent.ts';
import { normalisePurl, printPurl, readPurl } from './purl.ts';
import { quoted } from './refused.ts';

const GITOID = /^gitoid:blob:sha256:([0-9a-f]{64})$/i;
const SWH = /^swh:1:cnt:([0-9a-f]{40})$/i;

/** The canonical text of a target, its path included. */
export function printTarget(target: Target): string {
  switch (target.kind) {
    case 'purl':
      return (
        printPurl(target.purl) + (target.path === undefined ? '' : `#${printPath(target.path)}`)
      );
    case 'gitoid':
      return `gitoid:blob:sha256:${target.sha256}`;
    case 'swh':
      return `swh:1:cnt:${target.sha1}`;
    default:
      return target satisfies never;
  }
}

/** Segments percent-encoded, `/` between them, `!/` where a container is entered. */
export function printPath(path: ContainerPath): string {
  return path.map((segments) => segments.map(encodeSegment).join('/')).join('!/');
}

/**
 * Reads a target alone: a product with its version, and the path if one is
 * named, in any spelling. Refuses as `normaliseLocator`, every fault at once.
 */
export function parseTarget(text: string): Target {
  const faults = new Faults();
  return readTarget({ text, at: 0 }, faults) ?? faults.refuse();
}

export function readTarget(piece: Piece, faults: Faults): Target | undefined {
  const gitoid = GITOID.exec(piece.text);
  if (gitoid !== null) return { kind: 'gitoid', sha256: gitoid[1]!.toLowerCase() };
  const swh = SWH.exec(piece.text);
  if (swh !== null) return { kind: 'swh', sha1: swh[1]!.toLowerCase() };
  if (!/^pkg:/i.test(piece.text)) {
    return faults.add({
      code: 'locator.target',
      at: piece.at,
      found: quoted(piece.text),
      expected: '"pkg:…@version", "gitoid:blob:sha256:…" or "swh:1:cnt:…"',
    });
  }
  const [head, tail] = cut(piece, '#');
  const purl = readPurl(head, 'has a version', faults);
  const path = tail === undefined ? undefined : readPath(tail, faults);
  if (purl === undefined || (tail !== undefined && path === undefined)) return undefined;
  return {
    kind: 'purl',
    purl: normalisePurl(purl),
    ...(path === undefined ? {} : { path }),
  };
}

function readPath(piece: Piece, faults: Faults): ContainerPath | undefined {
  const before = faults.list.length;
  const path = split(piece, '!/').map((container) =>
    split(container, '/').map((segment) => readSegment(segment, faults)),
  );
  return faults.list.length > before ? undefined : (path as string[][]);
}

function readSegment(piece: Piece, faults: Faults): string | undefined {
  const segment = decodePercent(piece.text);
  if (segment === undefined) {
    return faults.add({
      code: 'locator.percent',
      at: piece.at,
      found: `segment ${quoted(piece.text)}`,
      expected: 'UTF-8 in "%" and two hex digits',
    });
  }
  const wrong = faultOfSegment(segment);
  if (wrong === undefined) return segment;
  return faults.add({
    code: 'locator.path',
    at: piece.at,
    found: `segment ${quoted(piece.text)}`,
    expected: wrong,
  });
}

/** A path never climbs: `..`, however it is written, is refused and not resolved. */
function faultOfSegment(segment: string): string | undefined {
  if (segment === '') return 'a name between the slashes';
  if (segment === '.' || segment === '..') return 'a name; a path neither stays nor climbs';
  if (/[/\0]/.test(segment)) return 'a name without an encoded "/" or NUL';
  return undefined;
}

/** A member's path (decoded, `!/` where a container is entered) as a locator's path. */
export function pathOf(member: string): ContainerPath {
  return member
    .split('!/')
    .map((container) => container.split('/').filter((segment) => segment !== ''));
}
