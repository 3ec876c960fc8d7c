/**
 * Verifies in this browser that an entry is in the log: its bytes and the
 * hashes beside its way lead to the root of the signed checkpoint (RFC 6962,
 * 2.1.1), and it is of the digest that the page shows. With the log's key, once
 * its reader has given it on the log's page, the signature too.
 */
import { type Bytes, base64 } from './tlog/bytes.ts';
import { type Checkpoint, isSigned, readCheckpoint } from './tlog/checkpoint.ts';
import { keptOf } from './tlog/kept.ts';
import { Telling } from './tlog/tell.ts';
import { entriesOf, rootFrom, type Side, Tiles, WIDTH } from './tlog/tiles.ts';

interface Asked {
  readonly index: number;
  /** The digest that the entry is to be of; absent where the page shows just the entry. */
  readonly digest: string | undefined;
}

async function verify({ index, digest }: Asked, telling: Telling): Promise<string | undefined> {
  const checkpoint = await readCheckpoint();
  if (index >= checkpoint.size) {
    telling.step('absent', 'bad', String(checkpoint.size));
    return undefined;
  }
  const bundle = await entriesOf(Math.floor(index / WIDTH), checkpoint.size);
  const entry = bundle[index % WIDTH]!;
  if (digest !== undefined) {
    const named = (JSON.parse(new TextDecoder().decode(entry)) as { digest?: string }).digest;
    telling.step(named === digest ? 'same' : 'other', named === digest ? 'good' : 'bad', named);
    if (named !== digest) return undefined;
  }
  const path = await new Tiles(checkpoint.size).path(index);
  const found = base64(await rootFrom(entry, path));
  const isIn = found === checkpoint.root;
  telling.step(isIn ? 'in' : 'out', isIn ? 'good' : 'bad', isIn ? String(path.length) : found);
  if (!isIn) return undefined;
  await tellSignature(checkpoint, telling);
  return proofFile(index, entry, path, checkpoint);
}

async function tellSignature(checkpoint: Checkpoint, telling: Telling): Promise<void> {
  const { key } = keptOf(checkpoint.origin);
  if (key === undefined) return telling.step('unsigned', 'open', checkpoint.origin);
  const isGood = await isSigned(checkpoint, key);
  telling.step(isGood ? 'signed' : 'forged', isGood ? 'good' : 'bad', checkpoint.origin);
}

/** What `avow check` and other programs verify without the log (C2SP tlog-proof). */
function proofFile(
  index: number,
  entry: Bytes,
  path: readonly Side[],
  { note }: Checkpoint,
): string {
  const hashes = path.map(({ hash }) => `${base64(hash)}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nextra ${base64(entry)}\nindex ${index}\n${hashes}\n${note}`;
}

function offer(link: HTMLAnchorElement | null, index: number, proof: string | undefined): void {
  if (link === null || proof === undefined) return;
  link.href = URL.createObjectURL(new Blob([proof], { type: 'text/plain' }));
  link.download = `entry-${index}.tlog-proof`;
  link.hidden = false;
}

for (const part of document.querySelectorAll<HTMLElement>('[data-entry]')) {
  const button = part.querySelector('button');
  const list = part.querySelector<HTMLElement>('[role=status] > ul');
  if (button === null || list === null) continue;
  const words = part.dataset;
  button.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    const telling = new Telling(list, words);
    const index = Number(words.entry);
    verify({ index, digest: words.digest }, telling)
      .then(
        (proof) => offer(part.querySelector('a[hidden]'), index, proof),
        (error: unknown) =>
          telling.step('failed', 'bad', error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        button.disabled = false;
      });
  });
}
