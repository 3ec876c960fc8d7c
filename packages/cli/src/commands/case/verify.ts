import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '@avow/bytes';
import { type Checked, checkHanded, type HandedCase, headAt, headBytes } from '@avow/docket';
import {
  leafHash,
  noteVerifier,
  type ProofFile,
  parseEntry,
  parseProofFile,
  parseVerifierKey,
  verifyProofFile,
} from '@avow/log';
import { openDocketFolder } from '@avow/stores/docket';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { shown } from '../../render/shown.ts';
import { tell } from '../claim/open.ts';

export interface VerifyCaseOptions {
  readonly docket: string;
  readonly json?: boolean;
  /** The head's digest, as a log that is trusted says. */
  readonly head?: string;
  /** The log's key, as `avow log init` printed it. */
  readonly key?: string;
}

/** Looks whether an exported case is whole and in the chain that the log holds; without a folder, walks the docket's own chain. */
export async function verifyCaseCommand(
  folder: string | undefined,
  options: VerifyCaseOptions,
): Promise<ExitStatus> {
  if (folder === undefined) return verifyDocket(options);
  const read = (path: string) => fileIn(folder, path);
  const handed = checkHanded(read, productsIn(folder));
  const checks = [...handed.checks, ...headChecks(handed, read('head.tlog-proof'), options)];
  const isWhole = checks.every(({ isSo }) => isSo);
  const isHeld = options.head !== undefined || options.key !== undefined;
  tell(
    { case: handed.found.id, isWhole, head: handed.headDigest, number: handed.head.number, checks },
    [
      ...checks.map(lineOf),
      ...(isWhole && !isHeld
        ? [
            `Next: compare ${handed.headDigest} with the log's entry head-${handed.head.number}, or give --key: until then the case proves itself only to itself.`,
          ]
        : []),
      isWhole ? `${handed.found.id} is whole` : `${handed.found.id} is not what it was`,
    ],
    options.json,
  );
  return isWhole ? EXIT.ok : EXIT.findings;
}

function lineOf({ isSo, says }: Checked): string {
  return `${isSo ? '  ' : '! '}${shown(says)}`;
}

/** What is known of the head from outside: a digest that is trusted, the log's key. */
function headChecks(
  { head, headDigest }: HandedCase,
  proof: Uint8Array | undefined,
  { head: given, key }: VerifyCaseOptions,
): readonly Checked[] {
  const checks: Checked[] = [];
  if (given !== undefined) {
    const isSo = given === headDigest;
    checks.push({ isSo, says: isSo ? 'the head is the one given' : `its head is ${headDigest}` });
  }
  if (key === undefined) return checks;
  if (proof === undefined) {
    return [
      ...checks,
      { isSo: false, says: 'its head was not logged: there is no head.tlog-proof' },
    ];
  }
  const file = parseProofFile(proof);
  const entry = parseEntry(file.extra ?? new Uint8Array(0));
  const isHead =
    entry.type === 'advisory' && entry.id === `head-${head.number}` && entry.digest === headDigest;
  if (!isHead) return [...checks, { isSo: false, says: 'head.tlog-proof is of another entry' }];
  return [...checks, { isSo: true, says: inLog(file, key) }];
}

/** Refuses what does not lead from the entry to a checkpoint that this key signed. */
function inLog(file: ProofFile, key: string): string {
  const known = parseVerifierKey(key);
  const leaf = leafHash(file.extra!);
  const { checkpoint } = verifyProofFile(file, leaf, known.name, [noteVerifier(known)]);
  return `the head is entry ${file.index} of ${checkpoint.origin}, signed with ${checkpoint.size} entries`;
}

/** Digests of everything under `product/`: archives, lists of folders, files. */
function productsIn(folder: string): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const own of namesIn(join(folder, 'product'))) {
    for (const name of namesIn(join(folder, 'product', own))) {
      digests.add(digestOf(readFileSync(join(folder, 'product', own, name))));
    }
  }
  return digests;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function fileIn(folder: string, path: string): Uint8Array | undefined {
  try {
    return readFileSync(join(folder, path));
  } catch {
    return undefined;
  }
}

/** Every event of the docket, each held to the one before it; and its head, as it is or as it was. */
async function verifyDocket({ docket, head: given, json }: VerifyCaseOptions): Promise<ExitStatus> {
  const { store, close } = openDocketFolder(docket);
  try {
    const number = /^head-(\d{1,15})$/.exec(given ?? '')?.[1];
    const { head } = await headAt(
      store.events(),
      number === undefined ? undefined : Number(number),
    );
    const digest = digestOf(headBytes(head));
    const isSo = given === undefined || number !== undefined || given === digest;
    const told = `the chain is whole to event ${head.number}, with ${head.subjects.count} claims and cases`;
    const lines = [told, `head ${digest}`, ...(isSo ? [] : [`! not ${given}`])];
    tell({ isWhole: isSo, number: head.number, head: digest }, lines, json);
    return isSo ? EXIT.ok : EXIT.findings;
  } finally {
    close();
  }
}
