import type { TileFile } from '../tile/edge.ts';
import type { TileSource } from '../tile/reader.ts';

/** Entries that were sequenced together, the first of them number `first`. */
export interface Batch {
  readonly first: bigint;
  readonly entries: readonly Uint8Array[];
}

/**
 * Keeps one log. Only one writer has it at a time. Whatever returns has been
 * made durable: it survives the loss of power. Whatever rejects may have
 * happened in part, and the writer halts.
 */
export interface LogStore extends TileSource {
  /** Appends sequenced entries to the journal: once this returns they are acknowledged. */
  journal(batch: Batch): Promise<void>;
  /** Journalled batches in order, from the one that holds number `from`; none that is torn. */
  readJournal(from: bigint): AsyncIterable<Batch>;
  /** Entries before `size` are in tiles and signed; their journal may go. Need not be durable. */
  forgetJournal(size: bigint): Promise<void>;
  /** Writes files, each whole or not at all; readers see them at once. */
  write(files: readonly TileFile[]): Promise<void>;
  /** Full tiles are there, so their partial ones may go. Need not be durable. */
  forgetPartials(fullPaths: readonly string[]): Promise<void>;
  /** The last checkpoint note that this log signed, seen by nobody else perhaps. */
  readSigned(): Promise<Uint8Array | undefined>;
  keepSigned(note: Uint8Array): Promise<void>;
  /** What readers get as `checkpoint`: cosigned as the policy wants it. */
  readPublished(): Promise<Uint8Array | undefined>;
  publish(note: Uint8Array): Promise<void>;
  /** Lets another writer have the log. */
  close(): Promise<void>;
}
