import { Cursor, Refused } from '@avow/bytes';
import { TILE_WIDTH } from './path.ts';

/** The longest entry that a bundle can hold: its length is 16 bits (tlog-tiles 0.1.0). */
export const MAX_ENTRY_SIZE = 65_535;

/**
 * A bundle of entries: each after its length in 16 bits, most significant first.
 *
 * Refuses `bundle.entry-too-large` beyond 65,535 bytes.
 */
export function bundleOf(entries: readonly Uint8Array[]): Uint8Array {
  const size = entries.reduce((sum, entry) => sum + 2 + entry.length, 0);
  const bundle = new Uint8Array(size);
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.length > MAX_ENTRY_SIZE) {
      throw new Refused('bundle.entry-too-large', at, `entry ${index}: ${entry.length} bytes`);
    }
    bundle[at] = entry.length >> 8;
    bundle[at + 1] = entry.length & 0xff;
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/**
 * The first `count` entries of a bundle, as views.
 *
 * Refuses `bundle.truncated` when the bundle ends before them, `bundle.count`
 * when more than 256 are there or asked for.
 */
export function entriesOf(bundle: Uint8Array, count: number): readonly Uint8Array[] {
  const entries = allEntriesOf(bundle);
  if (count > TILE_WIDTH || entries.length < count) {
    throw new Refused(
      'bundle.count',
      bundle.length,
      `${entries.length} entries where ${count} were wanted`,
    );
  }
  return entries.slice(0, count);
}

function allEntriesOf(bundle: Uint8Array): Uint8Array[] {
  const cursor = new Cursor(bundle, 'bundle');
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    if (entries.length === TILE_WIDTH) {
      throw new Refused('bundle.count', at, `more than ${TILE_WIDTH} entries`);
    }
    const size = cursor.u16(at, false);
    entries.push(cursor.piece(at + 2, size));
    at += 2 + size;
  }
  return entries;
}
