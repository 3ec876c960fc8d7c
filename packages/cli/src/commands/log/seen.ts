import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { base64Of, bytesOfBase64, type Digest } from '@avow/bytes';
import { type ChainedEntry, type ChainHead, originPath } from '@avow/log';

/** What earlier checks saw of one log: the largest checkpoint, and the newest entry of each chain. */
export interface SeenLog {
  readonly checkpoint: Uint8Array;
  readonly heads: ReadonlyMap<string, ChainHead>;
}

interface Kept {
  readonly schema: 'avow.seen/1';
  readonly checkpoint: string;
  readonly heads: Readonly<
    Record<
      string,
      { readonly index: string; readonly entry: ChainedEntry; readonly digest: Digest }
    >
  >;
}

/** Where it is kept unless the user says otherwise (XDG base directories 0.8). */
export function stateFolder(): string {
  const base = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(base, 'avow', 'seen');
}

export function readSeen(folder: string, origin: string): SeenLog | undefined {
  let kept: Kept;
  try {
    kept = JSON.parse(readFileSync(join(folder, `${originPath(origin)}.json`), 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const heads = Object.entries(kept.heads).map(
    ([chain, { index, entry, digest }]) =>
      [chain, { index: BigInt(index), entry, digest }] as const,
  );
  return { checkpoint: bytesOfBase64(kept.checkpoint)!, heads: new Map(heads) };
}

export function keepSeen(folder: string, origin: string, seen: SeenLog): void {
  mkdirSync(folder, { recursive: true });
  const heads = [...seen.heads].map(
    ([chain, { index, entry, digest }]) => [chain, { index: `${index}`, entry, digest }] as const,
  );
  const kept: Kept = {
    schema: 'avow.seen/1',
    checkpoint: base64Of(seen.checkpoint),
    heads: Object.fromEntries(heads),
  };
  const path = join(folder, `${originPath(origin)}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(kept));
  renameSync(`${path}.new`, path);
}
