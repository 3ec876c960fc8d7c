import { writeFileSync } from 'node:fs';
import { leafHash, printProofFile } from '@avow/log';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { readLog } from './read.ts';

/** Writes the `.tlog-proof` of an entry, given by its number or its digest `sha256:…`. */
export async function proveCommand(
  log: string,
  number: string,
  options: { readonly key?: string; readonly output?: string },
): Promise<ExitStatus> {
  const { tree, checkpoint, bytes } = await readLog(log, options.key);
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
  const file = printProofFile({ extra: entry, index, path: proof, checkpoint: bytes });
  if (options.output === undefined) process.stdout.write(file);
  else writeFileSync(options.output, file);
  return EXIT.ok;
}
