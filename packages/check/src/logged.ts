import { base64Of, Refused, utf8Text } from '@avow/bytes';
import {
  type ChainedEntry,
  type ChainHead,
  chainFaults,
  type Entry,
  entryDigest,
  type HeldCheckpoint,
  holdCheckpoint,
  isChained,
  isConsistent,
  isSameHash,
  leafHash,
  noteVerifier,
  type ProofPath,
  parseEntry,
  parseProofFile,
  printNote,
  quorumText,
  verifyProofFile,
} from '@avow/log';
import type { Fault, ForkEvidence } from './answer.ts';
import type { CheckPolicy } from './policy.ts';

/** What the log says of the installed product, as it was handed over. Nothing of it is trusted. */
export interface LogEvidence {
  /** The `.tlog-proof` of the product's entry. */
  readonly proof: Uint8Array;
  /** The entry; the proof's own `extra` when absent. */
  readonly entry?: Uint8Array;
  /** Entries of the product's chain since the one seen before, oldest first, without this one. */
  readonly between?: readonly Uint8Array[];
  /** The newest number of this chain that the log has, when it was asked. */
  readonly latestNumber?: number;
}

/** What was seen at earlier checks, kept by the caller. */
export interface Seen {
  /** The largest checkpoint note seen of this log. */
  readonly checkpoint: Uint8Array;
  /** The newest entry seen of this product's chain. */
  readonly head?: ChainHead;
  /** The consistency proof between the two trees, smaller to larger; absent when offline. */
  readonly proof?: ProofPath;
}

/** The entry that the log has, held against the policy. */
export interface Logged {
  readonly faults: readonly Fault[];
  readonly notChecked: readonly string[];
  readonly entry?: ChainedEntry;
  readonly entryBytes?: Uint8Array;
  readonly index?: bigint;
  readonly held?: HeldCheckpoint;
  readonly fork?: ForkEvidence;
}

/** Is it logged, by a log that the policy trusts, and did enough witnesses see it? */
export function checkLogged(policy: CheckPolicy, evidence: LogEvidence): Logged {
  try {
    return heldEvidence(policy, evidence);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const message = `${error.found} (${error.code})`;
    return { faults: [{ kind: 'not-logged', message }], notChecked: [] };
  }
}

function heldEvidence(policy: CheckPolicy, evidence: LogEvidence): Logged {
  const proof = parseProofFile(evidence.proof);
  const entryBytes = evidence.entry ?? proof.extra;
  if (entryBytes === undefined) {
    throw new Refused('check.no-entry', undefined, 'the proof does not carry its entry');
  }
  const [origin = ''] = (utf8Text(proof.checkpoint) ?? '').split('\n');
  const logKeys = policy.trust.logs.filter(({ key }) => key.name === origin);
  const keys = logKeys.map(({ key }) => noteVerifier(key));
  verifyProofFile(proof, leafHash(entryBytes), origin, keys);
  const held = holdCheckpoint(policy.trust, origin, proof.checkpoint);
  const entry = parseEntry(entryBytes);
  const faults: Fault[] = [];
  if (!held.isQuorumMet) {
    const message = `seen by ${held.witnesses.join(', ') || 'no witness'}; the policy wants ${quorumText(policy.trust)}`;
    faults.push({ kind: 'not-logged', message });
  }
  if (!isChained(entry) || !isOfPolicy(policy, entry)) {
    const message = otherThanNamed(policy, entry);
    return { faults: [...faults, { kind: 'not-logged', message }], notChecked: [], held };
  }
  return { faults, notChecked: [], entry, entryBytes, index: proof.index, held };
}

function otherThanNamed(policy: CheckPolicy, entry: Entry): string {
  if (!isChained(entry)) return `the proof is of a ${entry.type}, not of a release or an update`;
  const parts = (['product', 'channel', 'maker'] as const).filter(
    (part) => policy[part] !== undefined && policy[part] !== entry[part],
  );
  const each = parts.map((part) => `${part} ${entry[part]}, the policy names ${policy[part]}`);
  return `the proof is of ${each.join('; ')}`;
}

function isOfPolicy({ product, channel, maker }: CheckPolicy, entry: ChainedEntry): boolean {
  const isSame = entry.product === product && entry.channel === channel;
  return isSame && (maker === undefined || entry.maker === maker);
}

/** Is this tree the one that was shown before, grown? A no with both signatures is a fork. */
export function checkConsistent(held: HeldCheckpoint, seen: Seen, policy: CheckPolicy): Logged {
  const origin = held.checkpoint.origin;
  const before = holdCheckpoint(policy.trust, origin, seen.checkpoint).checkpoint;
  const now = held.checkpoint;
  const [older, newer] = before.size <= now.size ? [before, now] : [now, before];
  const isSameSize = older.size === newer.size;
  if (isSameSize && isSameHash(older.root, newer.root)) return { faults: [], notChecked: [] };
  if (!isSameSize && seen.proof === undefined) {
    const message = `whether ${newer.size} entries continue the ${older.size} seen before: no proof offline`;
    return { faults: [], notChecked: [message] };
  }
  const proof = seen.proof ?? [];
  if (!isSameSize && isConsistent(older, newer, proof)) return { faults: [], notChecked: [] };
  const fork: ForkEvidence = {
    schema: 'avow.fork/1',
    origin,
    notes: [utf8Text(seen.checkpoint) ?? '', utf8Text(printNote(held.note)) ?? ''],
    proof: proof.map(base64Of),
  };
  const message = `${origin} signed ${older.size} and ${newer.size} entries that are not of one tree`;
  return { faults: [{ kind: 'fork', message }], notChecked: [], fork };
}

/** Is the chain of the product's entries whole, from the one seen before to this one? */
export function checkChain(
  entryBytes: Uint8Array,
  entry: ChainedEntry,
  { between, latestNumber }: LogEvidence,
  head: ChainHead | undefined,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (latestNumber !== undefined && latestNumber > entry.number) {
    const message = `${entry.number} is installed, ${latestNumber} is out`;
    faults.push({ kind: 'stale', message });
  }
  if (head === undefined || entryDigest(entryBytes) === head.digest) return faults;
  if (entry.number === head.entry.number) {
    const message = `two entries under number ${entry.number}: ${entry.digest} and, before, ${head.entry.digest}`;
    return [...faults, { kind: 'gap', message }];
  }
  if (entry.number < head.entry.number) {
    const message = `${entry.number} is installed, ${head.entry.number} was seen before`;
    return [...faults, { kind: 'stale', message }];
  }
  let last = head;
  for (const bytes of [...(between ?? []), entryBytes]) {
    const next = parseEntry(bytes);
    if (!isChained(next)) continue;
    for (const { message } of chainFaults(last, next)) faults.push({ kind: 'gap', message });
    last = { index: last.index, entry: next, digest: entryDigest(bytes) };
  }
  return faults;
}
