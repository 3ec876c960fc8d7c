import { base64Of, digestOf, Refused } from '@avow/bytes';
import {
  type Checkpoint,
  entryIn,
  leafHash,
  parseCheckpoint,
  parseNote,
  printProofFile,
  TILE_WIDTH,
  type TreeHead,
  TreeReader,
} from '@avow/log';
import { type Api, absent } from '../app/api.ts';
import { Reply } from '../app/call.ts';
import { PUBLIC_HEADERS } from '../app/headers.ts';
import { log as routes } from '../contract/log.ts';
import type { AnswerOf } from '../contract/route.ts';
import type { PublicLog } from './routes.ts';

/** The log as its latest checkpoint has it. Who asks verifies the signatures: a server's word for itself is none. */
interface ReadLog {
  readonly checkpoint: Checkpoint;
  readonly note: Uint8Array;
  readonly tree: TreeReader;
}

/** Entries and proofs for whoever does not want to make them of tiles. Each was held against the root before it is given out. */
export function answerLog(api: Api, source: PublicLog | undefined): void {
  const opened = () => openIn(source);
  api.answer(routes.checkpoint, {
    handle: async () => forAll(shownCheckpoint(await opened())),
  });
  api.answer(routes.entries, {
    handle: async ({ query }) => {
      const { tree } = await opened();
      const { size } = tree.head;
      const before = least(query.before === undefined ? size : BigInt(query.before), size);
      const from = before > BigInt(query.limit) ? before - BigInt(query.limit) : 0n;
      const items = await entriesIn(tree, from, before);
      return forAll({
        size: `${size}`,
        items: items.reverse(),
        ...(from === 0n ? {} : { next: `${from}` }),
      });
    },
  });
  api.answer(routes.entry, {
    handle: async ({ params }) => {
      const log = await opened();
      const { index, bytes, leaf, proof } = await provenEntry(log, params.entry);
      return forAll({
        ...shownEntry(index, bytes),
        leaf: base64Of(leaf),
        proof: proof.map(base64Of),
        checkpoint: shownCheckpoint(log),
      });
    },
  });
  api.answer(routes.proof, {
    handle: async ({ params }) => {
      const log = await opened();
      const { index, bytes, proof } = await provenEntry(log, params.entry);
      const file = printProofFile({ extra: bytes, index, path: proof, checkpoint: log.note });
      return new Response(new Uint8Array(file), {
        headers: { ...PUBLIC_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
      });
    },
  });
  api.answer(routes.consistency, {
    handle: async ({ query }) => {
      const log = await opened();
      const { size } = log.tree.head;
      const [from, to] = [BigInt(query.from), query.to === undefined ? size : BigInt(query.to)];
      if (from > to || to > size) {
        throw new Refused(
          'log.size',
          undefined,
          `the log has ${size} entries: 0 ≤ from ≤ to ≤ ${size}`,
        );
      }
      const { older, newer, proof } = await log.tree.between(from, to);
      return forAll({
        from: shownHead(older),
        to: shownHead(newer),
        proof: proof.map(base64Of),
        checkpoint: shownCheckpoint(log),
      });
    },
  });
}

function forAll<Value>(value: Value): Reply<Value> {
  return new Reply(value, PUBLIC_HEADERS);
}

async function openIn(source: PublicLog | undefined): Promise<ReadLog> {
  const note = await source?.read('checkpoint');
  if (source === undefined || note === undefined) {
    throw new Refused('log.none', undefined, 'this service has no log, or none is published yet');
  }
  const checkpoint = parseCheckpoint(parseNote(note).text);
  return { checkpoint, note, tree: new TreeReader(source, checkpoint) };
}

async function provenEntry({ tree }: ReadLog, number: string) {
  const index = BigInt(number);
  if (index >= tree.head.size) throw absent();
  const { hash: leaf, proof } = await tree.inclusion(index);
  const bytes = await tree.entry(index);
  assertLeaf(index, bytes, leaf);
  return { index, bytes, leaf, proof };
}

/** Refuses `proof.mismatch` when the bundle has another entry than the tree. */
function assertLeaf(index: bigint, bytes: Uint8Array, leaf: Uint8Array): void {
  if (Buffer.from(leafHash(bytes)).equals(leaf)) return;
  throw new Refused('proof.mismatch', undefined, `entry ${index} is not what the tree says`);
}

async function entriesIn(tree: TreeReader, from: bigint, before: bigint) {
  const items: AnswerOf<typeof routes.entries>['items'] = [];
  const width = BigInt(TILE_WIDTH);
  for (let index = from; index < before; index++) {
    const bytes = (await tree.bundle(index / width))[Number(index % width)]!;
    assertLeaf(index, bytes, (await tree.inclusion(index)).hash);
    items.push(shownEntry(index, bytes));
  }
  return items;
}

function shownEntry(index: bigint, bytes: Uint8Array) {
  const entry = entryIn(bytes);
  return {
    index: `${index}`,
    digest: digestOf(bytes),
    bytes: base64Of(bytes),
    ...(entry === undefined ? {} : { entry: { ...entry } as Record<string, unknown> }),
  };
}

function shownCheckpoint({ checkpoint: { origin, ...head }, note }: ReadLog) {
  return { origin, ...shownHead(head), note: Buffer.from(note).toString('utf8') };
}

function shownHead({ size, root }: TreeHead) {
  return { size: `${size}`, root: base64Of(root) };
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
