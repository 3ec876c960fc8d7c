/**
 * Verifies the log in the browser: reads every entry, derives the root of the
 * tree (RFC 6962, 2.1) and compares it with the signed one; that the tree which
 * this browser verified before is its beginning; and, with the log's key, which
 * its reader has from elsewhere, the signature of the checkpoint.
 */
import { type Bytes, base64, leafHash, nodeHash, sha256 } from './tlog/bytes.ts';
import { type Checkpoint, isSigned, readCheckpoint } from './tlog/checkpoint.ts';
import { keep, keepVerified, keptOf } from './tlog/kept.ts';
import { Telling } from './tlog/tell.ts';
import { entriesOf, WIDTH } from './tlog/tiles.ts';

const part = document.querySelector<HTMLElement>('#verify');
const button = part?.querySelector('button');
const says = document.querySelector<HTMLElement>('#verify-says');
const count = document.querySelector('#verify-count');
const key = document.querySelector<HTMLInputElement>('#log-key');

/** Complete trees to the left of the edge, the largest first. */
type Edge = readonly { readonly height: number; readonly hash: Bytes }[];

async function grown(edge: Edge, leaf: Bytes): Promise<Edge> {
  const left = [...edge];
  let top = { height: 0, hash: leaf };
  while (left.at(-1)?.height === top.height) {
    const { hash } = left.pop()!;
    top = { height: top.height + 1, hash: await nodeHash(hash, top.hash) };
  }
  return [...left, top];
}

async function rootOf(edge: Edge): Promise<string> {
  const left = [...edge];
  let hash = left.pop()?.hash ?? (await sha256());
  while (left.length > 0) hash = await nodeHash(left.pop()!.hash, hash);
  return base64(hash);
}

async function verify(checkpoint: Checkpoint, telling: Telling): Promise<void> {
  const { size } = checkpoint;
  const before = keptOf(checkpoint.origin);
  if (before.size !== undefined && before.size > size) {
    return telling.step('shrunk', 'bad', String(before.size));
  }
  let edge: Edge = [];
  let past = before.size === 0 ? await rootOf(edge) : undefined;
  for (let index = 0; index < size; ) {
    for (const entry of await entriesOf(index / WIDTH, size)) {
      edge = await grown(edge, await leafHash(entry));
      index++;
      if (index === before.size) past = await rootOf(edge);
    }
    if (count !== null) count.textContent = String(index);
  }
  const found = await rootOf(edge);
  if (found !== checkpoint.root)
    return telling.step('failed', 'bad', `${found} ≠ ${checkpoint.root}`);
  telling.step('done', 'good', String(size));
  if (before.size !== undefined) {
    const isSame = past === before.root;
    telling.step(isSame ? 'grown' : 'forked', isSame ? 'good' : 'bad', String(before.size));
    if (!isSame) return;
  }
  await tellSignature(checkpoint, telling);
  keepVerified(checkpoint);
}

async function tellSignature(checkpoint: Checkpoint, telling: Telling): Promise<void> {
  const typed = key?.value.trim() ?? '';
  if (typed === '') return telling.step('unsigned', 'open', checkpoint.origin);
  const isGood = await isSigned(checkpoint, typed).catch(() => undefined);
  if (isGood === undefined) return telling.step('nokey', 'bad', typed);
  telling.step(isGood ? 'signed' : 'forged', isGood ? 'good' : 'bad', checkpoint.origin);
  if (isGood) keep(checkpoint.origin, { key: typed });
}

if (part !== null && button != null && says !== null) {
  part.hidden = false;
  if (key !== null) key.value = keptOf(part.dataset.origin ?? '').key ?? '';
  button.addEventListener('click', () => {
    button.disabled = true;
    const telling = new Telling(says, part.dataset);
    readCheckpoint()
      .then((checkpoint) => verify(checkpoint, telling))
      .catch((error: unknown) =>
        telling.step('failed', 'bad', error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        button.disabled = false;
      });
  });
}
