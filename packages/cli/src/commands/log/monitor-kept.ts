import { type Digest, decodeText, digestOf } from '@avow/bytes';
import type { ChainedEntry, TileSource } from '@avow/log';
import { alarm, type Remark } from './remark.ts';

/** What the log keeps of an entry, by digest. */
export interface Kept {
  readonly name: string;
  readonly artifact?: Uint8Array;
  readonly declaration: KeptDeclaration;
  /** Where something else is served under a digest. */
  readonly remarks: readonly Remark[];
}

/** Without `digest` there is no declaration; without `text` the log does not keep it. */
export interface KeptDeclaration {
  readonly digest?: Digest;
  readonly text?: string;
}

export type KeptWhole = Kept & { readonly artifact: Uint8Array };

export function isWhole(kept: Kept): kept is KeptWhole {
  return kept.artifact !== undefined;
}

/** Reads what the log keeps of an entry, and holds it against its digests. */
export async function keptOf(source: TileSource, entry: ChainedEntry): Promise<Kept> {
  const name = `${entry.type} ${entry.number}`;
  const isDeclaration = entry.type === 'declaration';
  const digest = isDeclaration ? entry.digest : entry.declaration;
  const remarks: Remark[] = [];
  const read = async (wanted: Digest | undefined): Promise<Uint8Array | undefined> => {
    if (wanted === undefined) return undefined;
    const bytes = await source.read(`artifact/${wanted.slice('sha256:'.length)}`);
    if (bytes === undefined || digestOf(bytes) === wanted) return bytes;
    remarks.push(alarm(`what is served as ${wanted} is something else`));
    return undefined;
  };
  const said = await read(digest);
  const artifact = isDeclaration ? undefined : await read(entry.digest);
  return {
    name,
    remarks,
    declaration: {
      ...(digest === undefined ? {} : { digest }),
      ...(said === undefined ? {} : { text: decodeText(said).text }),
    },
    ...(artifact === undefined ? {} : { artifact }),
  };
}
