import { type Digest, digestOf, Refused, utf8Bytes } from '@avow/bytes';
import { hashDigest, RecordTree } from '@avow/log';
import {
  type ChainEnd,
  type DocketEvent,
  eventDigest,
  type Subject,
  walkChain,
} from '../event/event.ts';

/**
 * What the whole docket was at one event: the end of its chain, and the root of
 * a tree with one leaf for each claim and case, which is the digest of all its
 * events. It is logged; whoever holds the events of one subject can then show
 * that they are all that there were, without showing those of others.
 */
export interface DocketHead extends ChainEnd {
  readonly schema: 'avow.docket-head/2';
  readonly subjects: { readonly count: number; readonly root: Digest };
}

/** A head's file, whose digest is logged: JSON with a line end. */
export function headBytes({ schema, number, at, digest, subjects }: DocketHead): Uint8Array {
  const head = { schema, number, at, ...(digest === undefined ? {} : { digest }), subjects };
  return utf8Bytes(`${JSON.stringify(head)}\n`);
}

/** Reads a head. Refuses `docket.head`. */
export function parseHead(text: string): DocketHead {
  try {
    const head = JSON.parse(text) as DocketHead;
    const isHead =
      head?.schema === 'avow.docket-head/2' &&
      Number.isSafeInteger(head.number) &&
      Number.isSafeInteger(head.subjects?.count) &&
      /^sha256:[0-9a-f]{64}$/.test(head.subjects.root);
    if (isHead) return head;
  } catch {
    // Told below.
  }
  throw new Refused('docket.head', undefined, 'it is no avow.docket-head/2');
}

/** What a subject's leaf holds: SHA-256 of the digests of its events, in order, one a line. */
export function subjectDigest(events: readonly DocketEvent[]): Digest {
  return digestOf(events.map((event) => `${eventDigest(event)}\n`).join(''));
}

/** A head, and the tree that its root is of. */
export interface Headed {
  readonly head: DocketHead;
  readonly tree: RecordTree;
}

/**
 * Walks the whole chain, to the event with that number where one is given.
 * Refuses `docket.audit` at the first event that does not follow.
 */
export async function headAt(
  events: AsyncIterable<DocketEvent> | Iterable<DocketEvent>,
  number = Number.MAX_SAFE_INTEGER,
): Promise<Headed> {
  const lines = new Map<Subject, string[]>();
  const chain = walkChain();
  for await (const event of events) {
    if (event.number > number) break;
    const { digest } = chain.next(event);
    const own = lines.get(event.subject);
    if (own === undefined) lines.set(event.subject, [`${digest}\n`]);
    else own.push(`${digest}\n`);
  }
  const tree = new RecordTree(
    [...lines].map(([id, digests]) => ({ id, digest: digestOf(digests.join('')) })),
  );
  const subjects = { count: lines.size, root: hashDigest(tree.root) };
  return { head: { schema: 'avow.docket-head/2', ...chain.end(), subjects }, tree };
}
