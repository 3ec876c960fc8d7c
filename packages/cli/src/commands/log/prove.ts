import { writeFileSync } from 'node:fs';
import { base64Of, type Digest } from '@avow/bytes';
import {
  leafHash,
  parseEntry,
  parseManifest,
  parseRecordList,
  printProofFile,
  RecordTree,
  type TileSource,
} from '@avow/log';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { readLog } from './read.ts';

export interface ProveOptions {
  readonly key?: string;
  readonly mirror?: string;
  readonly output?: string;
  /** Id of a record of the update that the entry logs. */
  readonly record?: string;
}

/** Writes the `.tlog-proof` of an entry, given by its number or its digest `sha256:…`. */
export async function proveCommand(
  log: string,
  number: string,
  options: ProveOptions,
): Promise<ExitStatus> {
  const { source, tree, checkpoint, bytes } = await readLog(log, options.key, options.mirror);
  const index = /^\d{1,19}$/.test(number) ? BigInt(number) : -1n;
  if (index < 0n || index >= checkpoint.size) {
    throw new UsageError(
      `the log has entries 0 to ${checkpoint.size - 1n}, not "${number}"`,
      'give the number that the log answered when the entry was appended',
    );
  }
  const { hash, proof } = await tree.inclusion(index);
  const entry = await tree.entry(index);
  if (!Buffer.from(leafHash(entry)).equals(hash)) {
    throw new UsageError(`entry ${index} is not what the tree says`, 'avow log fsck');
  }
  if (options.record !== undefined) {
    process.stdout.write(await recordProofs(source, entry, options.record));
    return EXIT.ok;
  }
  const file = printProofFile({ extra: entry, index, path: proof, checkpoint: bytes });
  if (options.output === undefined) process.stdout.write(file);
  else writeFileSync(options.output, file);
  return EXIT.ok;
}

/** The proofs of a record under the update that an entry logs, as JSON lines. */
async function recordProofs(
  source: TileSource,
  entryBytes: Uint8Array,
  id: string,
): Promise<string> {
  const entry = parseEntry(entryBytes);
  if (entry.type !== 'update') {
    throw new UsageError(`the entry is a ${entry.type}, which has no records`, 'name an update');
  }
  const read = async (digest: Digest | undefined) =>
    digest && (await source.read(`artifact/${digest.slice('sha256:'.length)}`));
  const manifest = await read(entry.manifest);
  const parsed = manifest === undefined ? undefined : parseManifest(manifest);
  const list = parsed?.schema === 'avow.update/1' ? await read(parsed.list) : undefined;
  const records = list === undefined ? undefined : parseRecordList(list, entry.root);
  if (records === undefined) {
    throw new UsageError('the log does not keep the list of its records', 'ask the maker for it');
  }
  const proofs = new RecordTree(records).proofsOf(id);
  if (proofs.length === 0)
    throw new UsageError(`the update has no record "${id}"`, 'look at its list');
  return proofs
    .map(({ record, proof }) => {
      const { index, count, path } = proof;
      const printed = { index: `${index}`, count: `${count}`, path: path.map(base64Of) };
      return `${JSON.stringify({ schema: 'avow.record-proof/1', ...record, root: entry.root, ...printed })}\n`;
    })
    .join('');
}
