import { Refused } from '@avow/bytes';

/** Bytes of an object: in memory, or a file that stays as it is until the put returns. */
export type Content = Uint8Array | { readonly file: string };

/** `to` is behind the last byte; a range beyond the end is cut there. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export interface ListQuery {
  readonly prefix: string;
  /** The last name of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Bytes under names, whole or not there: a folder, or a bucket with the S3 API.
 * What returns is durable, and seen by whoever asks after it. Names are
 * `[A-Za-z0-9_-]` and inner dots, in segments between `/`; they are ordered by
 * their bytes.
 *
 * Refuses
 * - `objects.name` for any other name;
 * - `storage.full` when there is no room: nothing was written;
 * - `objects.unreachable` when the service failed again and again: a write may have happened;
 * - `objects.denied` when the service does not let us.
 */
export interface ObjectStore {
  /**
   * False when there is an object of that name already, which stays as it is. Of
   * two who put the same bytes at once, both may be told that it was them.
   */
  put(name: string, content: Content): Promise<boolean>;
  /**
   * Puts `next` where `old` is (where nothing is, if undefined). False, and
   * nothing changed, when something else is there. For small objects, and with
   * something in `next` that is the writer's own: when an answer is lost, finding
   * the bytes there is what tells that the write happened. Refuses `objects.lost`
   * when nobody can know: another has replaced it since, perhaps after us.
   */
  replace(name: string, old: Uint8Array | undefined, next: Uint8Array): Promise<boolean>;
  /** Undefined when it is not there. */
  get(name: string, range?: ByteRange): Promise<Uint8Array | undefined>;
  /** In pieces, so that an object of any size takes little memory. Undefined when it is not there. */
  stream(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Its size in bytes; undefined when it is not there. */
  size(name: string): Promise<number | undefined>;
  /** Names that begin with a prefix, in order. */
  list(query: ListQuery): Promise<readonly string[]>;
  /** Nothing happens when it is not there. */
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Bytes of a piece of `stream`. */
export const PIECE = 4 << 20;

/** S3 takes 1,024 bytes; file systems 255 a segment. */
const MAX_NAME = 512;
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127})*$/;

/** Names come from digests and log paths; one that could leave the folder is refused. */
export function objectName(name: string): string {
  if (name.length <= MAX_NAME && NAME.test(name)) return name;
  throw new Refused('objects.name', undefined, JSON.stringify(name.slice(0, MAX_NAME)));
}

/** Every name under a prefix, page by page. */
export async function* namesUnder(
  store: ObjectStore,
  prefix: string,
): AsyncGenerator<string, void, undefined> {
  const limit = 1_000;
  for (let after: string | undefined; ; ) {
    const names = await store.list({ prefix, limit, ...(after === undefined ? {} : { after }) });
    yield* names;
    after = names.at(-1);
    if (names.length < limit || after === undefined) return;
  }
}
