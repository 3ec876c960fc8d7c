import { digestOf, Refused, why } from '@avow/bytes';
import { type Entries, type FileEntry, isUnread } from './entry.ts';
import { type ContainerKind, containerKind } from './kind.ts';
import { CONTAINER_LIMITS } from './limits.ts';
import type { ContainerLimits, Member, UnreadMember } from './member.ts';
import { canonicalName, withoutFirstSegment } from './names.ts';
import { readContainer } from './read.ts';

export interface OpenOptions {
  readonly limits?: ContainerLimits;
  /** Takes the first segment off the paths of the outermost container, as npm does with a package's tarball. */
  readonly isNpmPackage?: boolean;
}

/**
 * Reads a container and, by their content, the containers in it: every member
 * in the order of the archive, a container's own members after it.
 *
 * Bytes of a member are let go of when the next is asked for; many are views
 * of `bytes`. Refuses `container.unknown`; what the reader refuses becomes an
 * `UnreadMember` with an empty path, after what could be read.
 */
export async function* openContainer(
  bytes: Uint8Array,
  name: string,
  options: OpenOptions = {},
): AsyncGenerator<Member | UnreadMember> {
  const kind = containerKind(bytes);
  if (kind === undefined) {
    throw new Refused('container.unknown', 0, `${name} is no archive of a kind that is read`);
  }
  const budget = new Budget(options.limits ?? CONTAINER_LIMITS);
  const place = { prefix: '', own: '', kind, depth: 0, isStripped: options.isNpmPackage === true };
  try {
    yield* openEntries(readContainer(kind, bytes, name, budget.bytesLeft), place, budget);
  } catch (error) {
    yield unreadInside('', error);
  }
}

/**
 * Opens what lies in a folder as one product: one budget over all, containers
 * opened where they stand. A limit that ends the reading becomes an
 * `UnreadMember` with an empty path.
 */
export async function* openFolder(
  entries: Iterable<FileEntry | UnreadMember>,
  limits: ContainerLimits = CONTAINER_LIMITS,
): AsyncGenerator<Member | UnreadMember> {
  const place = { prefix: '', own: '', kind: undefined, depth: -1, isStripped: false };
  try {
    yield* openEntries(entries, place, new Budget(limits));
  } catch (error) {
    yield unreadInside('', error);
  }
}

/** Where a container stands. */
interface Place {
  /** Before each of its members' paths: `a.zip!/`. */
  readonly prefix: string;
  /** Its own path; empty for the product itself. */
  readonly own: string;
  /** Undefined for a folder. */
  readonly kind: ContainerKind | undefined;
  readonly depth: number;
  readonly isStripped: boolean;
}

/** What is left of the limits while one product is read. */
class Budget {
  readonly limits: ContainerLimits;
  membersLeft: number;
  bytesLeft: number;

  constructor(limits: ContainerLimits) {
    this.limits = limits;
    this.membersLeft = limits.maxMembers;
    this.bytesLeft = limits.maxTotalBytes;
  }
}

async function* openEntries(
  entries: Entries,
  place: Place,
  budget: Budget,
): AsyncGenerator<Member | UnreadMember> {
  const seen = new Set<string>();
  const beside: UnreadMember[] = [];
  for await (const entry of entries) {
    if (--budget.membersLeft < 0) {
      throw new Refused(
        'container.limit-members',
        undefined,
        `more than ${budget.limits.maxMembers} members`,
      );
    }
    if (isUnread(entry)) {
      const path = entry.path === '' ? place.own : `${place.prefix}${pathOf(entry.path, place)}`;
      yield { ...entry, path };
      continue;
    }
    const member = await readMember(entry, place, seen, budget);
    if (isUnread(member)) {
      yield member;
      continue;
    }
    const kind = containerKind(member.bytes);
    if (kind === undefined) {
      yield member;
      continue;
    }
    for await (const found of openMember(member, kind, place, budget)) {
      if (isUnread(found) && found.why.code === 'asar.unpacked') beside.push(found);
      else yield found;
    }
  }
  for (const member of beside) {
    if (!seen.has(unpackedPath(member.path.slice(place.prefix.length)))) yield member;
  }
}

/**
 * Where Electron keeps a file that is listed in an ASAR and not stored in it:
 * `app.asar.unpacked/a.node` for `app.asar!/a.node`. There it is a member of its own.
 */
function unpackedPath(path: string): string {
  return path.replace('.asar!/', '.asar.unpacked/');
}

/** A member that is a container, and what is in it. */
async function* openMember(
  member: Member,
  kind: ContainerKind,
  place: Place,
  budget: Budget,
): AsyncGenerator<Member | UnreadMember> {
  yield { ...member, container: kind };
  try {
    const depth = place.depth + 1;
    if (depth > budget.limits.maxDepth) {
      throw new Refused('container.limit-depth', undefined, `nested deeper than ${depth - 1}`);
    }
    const entries = readContainer(kind, member.bytes, member.path, budget.bytesLeft);
    const inner = { prefix: `${member.path}!/`, own: member.path, kind, depth, isStripped: false };
    yield* openEntries(entries, inner, budget);
  } catch (error) {
    if (isFinal(error)) throw error;
    yield unreadInside(member.path, error);
  }
}

/** An archive may have a million empty members. */
const DIGEST_OF_NOTHING = digestOf('');

async function readMember(
  entry: FileEntry,
  place: Place,
  seen: Set<string>,
  budget: Budget,
): Promise<Member | UnreadMember> {
  const canonical = canonicalName(entry.name, isZip(place.kind) ? 'separator' : 'letter');
  const oddities = [...entry.oddities, ...canonical.oddities];
  let inner = canonical.path;
  if (place.isStripped) {
    inner = withoutFirstSegment(inner) ?? inner;
    if (inner === canonical.path) {
      oddities.push({ code: 'npm.outside', message: 'outside the folder that npm unpacks' });
    }
  }
  if (entry.link !== undefined) {
    oddities.push({ code: 'container.link', message: `a link to ${entry.link}` });
  }
  if (seen.has(inner)) {
    oddities.push({ code: 'container.duplicate', message: 'a member before it has the same path' });
  }
  seen.add(inner);
  const path = place.prefix + inner;
  try {
    const bytes = await readBytes(entry, budget);
    const { offset, link } = entry;
    const digest = bytes.length === 0 ? DIGEST_OF_NOTHING : digestOf(bytes);
    oddities.push(...(entry.check?.(bytes) ?? []));
    return { path, bytes, digest, offset, ...(link === undefined ? {} : { link }), oddities };
  } catch (error) {
    if (isFinal(error)) throw error;
    return { path, size: entry.size, offset: entry.offset, why: why(error) };
  }
}

async function readBytes(entry: FileEntry, budget: Budget): Promise<Uint8Array> {
  const { maxMemberBytes, maxTotalBytes } = budget.limits;
  const size = entry.size ?? 0;
  if (size > maxMemberBytes) {
    throw new Refused(
      'container.limit-member-bytes',
      entry.offset,
      `${size} bytes; ${maxMemberBytes} are read`,
    );
  }
  if (size > budget.bytesLeft) {
    throw new Refused('container.limit-total-bytes', undefined, `more than ${maxTotalBytes} bytes`);
  }
  const bytes = await entry.read(Math.min(maxMemberBytes, budget.bytesLeft));
  budget.bytesLeft -= bytes.length;
  return bytes;
}

/** The limits that end the reading of the whole product, not of one container. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof Refused &&
    (error.code === 'container.limit-members' || error.code === 'container.limit-total-bytes')
  );
}

function unreadInside(path: string, error: unknown): UnreadMember {
  return { path, size: undefined, offset: undefined, why: why(error) };
}

function pathOf(name: string, place: Place): string {
  const { path } = canonicalName(name, isZip(place.kind) ? 'separator' : 'letter');
  return place.isStripped ? (withoutFirstSegment(path) ?? path) : path;
}

function isZip(kind: ContainerKind | undefined): boolean {
  return kind === 'zip' || kind === 'crx';
}
