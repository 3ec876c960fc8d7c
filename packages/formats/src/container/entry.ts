import type { Why } from '@avow/bytes';
import type { UnreadMember } from './member.ts';

/** A file as a reader finds it in its container, before limits, names and digests are looked at. */
export interface FileEntry {
  /** As stored, decoded; `canonicalName` makes the member's path of it. */
  readonly name: string;
  /** Bytes unpacked, as the container says; undefined where it does not say. */
  readonly size: number | undefined;
  /** Of the data, in bytes from the start of the container (unpacked, for a packed tar). */
  readonly offset: number | undefined;
  /** What a link points to, as stored. A link has no bytes of its own and is never followed. */
  readonly link?: string;
  readonly oddities: readonly Why[];
  /**
   * The file's bytes. Called at most once, before the next entry is asked for.
   * Refuses what cannot be unpacked, and more than `maxBytes`
   * (`container.limit-member-bytes`).
   */
  read(maxBytes: number): Uint8Array | Promise<Uint8Array>;
  /** What is odd about the bytes that were read: a checksum or digest that does not fit. */
  check?(bytes: Uint8Array): readonly Why[];
}

/** What a reader yields: a file, or what it found and cannot read. */
export type Entry = FileEntry | UnreadMember;

export type Entries = AsyncIterable<Entry> | Iterable<Entry>;

export function isUnread<T extends object>(entry: T | UnreadMember): entry is UnreadMember {
  return 'why' in entry;
}
