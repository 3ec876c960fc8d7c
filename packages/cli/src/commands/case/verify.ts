import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
import { UsageError } from '../../errors.ts';
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

/** What came of looking, for programs and for people. */
export interface Verified {
  readonly value: { readonly isWhole: boolean; readonly number: number; readonly head: string };
  readonly lines: readonly string[];
}

export async function verifyCaseCommand(
  folder: string | undefined,
  options: VerifyCaseOptions,
): Promise<ExitStatus> {
  const { value, lines } =
    folder === undefined ? await verifyDocket(options) : verifyFolder(folder, options);
  tell(value, lines, options.json);
  return value.isWhole ? EXIT.ok : EXIT.findings;
}

/** Looks whether an exported case is whole, and in the chain that the log holds. Refuses what is no export. */
export function verifyFolder(
  folder: string,
  options: Pick<VerifyCaseOptions, 'head' | 'key'>,
): Verified {
  const read = (path: string) => fileIn(folder, path);
  const handed = checkHanded(read, productsIn(folder));
  const { found, head, headDigest } = handed;
  const checks = [...handed.checks, ...headChecks(handed, read('head.tlog-proof'), options)];
  const isWhole = checks.every(({ isSo }) => isSo);
  const isHeld = options.head !== undefined || options.key !== undefined;
  const value = { case: found.id, isWhole, head: headDigest, number: head.number, checks };
  return {
    value,
    lines: [
      ...checks.map(lineOf),
      isWhole ? `${found.id} is whole` : `${found.id} is not what it was`,
      ...(isWhole && !isHeld ? nextLines(handed) : []),
    ],
  };
}

/** Until the head is known from elsewhere, a case proves itself by itself. */
function nextLines({ head, headDigest, found }: HandedCase): readonly string[] {
  const log = found.logged.at(-1);
  return [
    `Its head, after event ${head.number}: ${headDigest}`,
    log === undefined
      ? 'Next: ask whoever keeps the docket for that head; no log holds it yet.'
      : `Next: add --key with the public key of ${shown(log.log)}, whose entry ${shown(log.entry)} holds that head.`,
  ];
}

function lineOf({ isSo, says }: Checked): string {
  return `${isSo ? '  ' : '! '}${shown(says)}`;
}

/** What is known of the head from outside: a digest that is trusted, the log's key. */
function headChecks(
  { head, headDigest }: HandedCase,
  proof: Uint8Array | undefined,
  { head: given, key }: Pick<VerifyCaseOptions, 'head' | 'key'>,
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
export async function verifyDocket({
  docket,
  head: given,
}: Pick<VerifyCaseOptions, 'docket' | 'head'>): Promise<Verified> {
  if (!existsSync(join(docket, 'docket.sqlite'))) {
    throw new UsageError(`there is no docket in ${docket}`, 'give --docket, or an exported folder');
  }
  const { store, close } = openDocketFolder(docket);
  try {
    const asked = /^head-(\d{1,15})$/.exec(given ?? '')?.[1];
    const { head } = await headAt(store.events(), asked === undefined ? undefined : Number(asked));
    const { number, subjects } = head;
    const digest = digestOf(headBytes(head));
    const isWhole = given === undefined || asked !== undefined || given === digest;
    return {
      value: { isWhole, number, head: digest },
      lines: [
        `the chain is whole to event ${number}, with ${subjects.count} claims and cases`,
        `its head there: ${digest}`,
        ...(isWhole ? [] : [`! not ${shown(given)}`]),
      ],
    };
  } finally {
    close();
  }
}
