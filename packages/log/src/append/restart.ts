import { Refused } from '@avow/bytes';
import {
  openCheckpoint,
  parseCheckpoint,
  printCheckpoint,
  type SignedCheckpoint,
} from '../note/checkpoint.ts';
import {
  type Note,
  type NoteSigner,
  type NoteVerifier,
  parseNote,
  printNote,
  signNote,
} from '../note/note.ts';
import type { TreeHead } from '../proof/verify.ts';
import { TileEdge } from '../tile/edge.ts';
import { TreeReader } from '../tile/reader.ts';
import { EMPTY_ROOT, isSameHash } from '../tree/hash.ts';
import type { LogStore } from './store.ts';

/** Where a log stands when its writer starts. */
export interface Standing {
  readonly signed: Note;
  readonly head: TreeHead;
  readonly edge: TileEdge;
  /** Journalled entries that no signed tree holds yet. */
  readonly pending: readonly Uint8Array[];
}

/**
 * Finds where a log stood, whatever moment its last writer was killed at.
 *
 * Refuses `log.rolled-back` when the published checkpoint is not the beginning
 * of what this folder signed (an old copy restored in part), `journal.gap` when
 * acknowledged entries are missing, and what reading tiles and notes refuses.
 */
export async function findStanding(
  store: LogStore,
  origin: string,
  signers: readonly NoteSigner[],
  ownKeys: readonly NoteVerifier[],
): Promise<Standing> {
  const kept = await store.readSigned();
  const signed = kept === undefined ? await begin(store, origin, signers) : parseNote(kept);
  const { checkpoint: head } = openCheckpoint(printNote(signed), origin, ownKeys);
  const tree = new TreeReader(store, head);
  await refuseRollback(store, origin, ownKeys, tree);
  const edge = head.size === 0n ? new TileEdge() : await tree.edge();
  return { signed, head, edge, pending: await journalled(store, head.size) };
}

/** Signs the empty tree, so that a log has a checkpoint from its first moment. */
async function begin(
  store: LogStore,
  origin: string,
  signers: readonly NoteSigner[],
): Promise<Note> {
  if ((await store.readPublished()) !== undefined) {
    throw new Refused('log.rolled-back', undefined, 'a published checkpoint, but none signed here');
  }
  const text = printCheckpoint({ origin, size: 0n, root: EMPTY_ROOT, extensions: [] });
  const note = signNote(text, signers);
  await store.keepSigned(printNote(note));
  return note;
}

async function refuseRollback(
  store: LogStore,
  origin: string,
  ownKeys: readonly NoteVerifier[],
  tree: TreeReader,
): Promise<void> {
  const bytes = await store.readPublished();
  if (bytes === undefined) return;
  const published: SignedCheckpoint = openCheckpoint(bytes, origin, ownKeys);
  const { size, root } = parseCheckpoint(published.note.text);
  if (size > tree.head.size) {
    const found = `${size} entries are published, ${tree.head.size} are signed here`;
    throw new Refused('log.rolled-back', undefined, found);
  }
  if (size === tree.head.size && !isSameHash(root, tree.head.root)) {
    throw new Refused(
      'log.rolled-back',
      undefined,
      `another root is published for ${size} entries`,
    );
  }
  if (size > 0n && size < tree.head.size) await tree.consistency({ size, root });
}

async function journalled(store: LogStore, from: bigint): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  let next = from;
  for await (const batch of store.readJournal(from)) {
    const end = batch.first + BigInt(batch.entries.length);
    if (end <= next) continue;
    if (batch.first > next) {
      throw new Refused(
        'journal.gap',
        undefined,
        `entry ${next} is missing, ${batch.first} is there`,
      );
    }
    entries.push(...batch.entries.slice(Number(next - batch.first)));
    next = end;
  }
  return entries;
}
