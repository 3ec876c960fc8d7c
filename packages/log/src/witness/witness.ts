import { Refused, utf8Bytes } from '@avow/bytes';
import { type Checkpoint, parseCheckpoint } from '../note/checkpoint.ts';
import { laterOf, splitCosignature } from '../note/cosignature.ts';
import type { SignerKey, VerifierKey } from '../note/key.ts';
import { verifierKeyOf } from '../note/key.ts';
import {
  type Note,
  type NoteSigner,
  parseNote,
  printNote,
  signatureLine,
  signersOf,
  signNote,
  verifyNote,
} from '../note/note.ts';
import { type Now, noteSigner, noteVerifier, signSubtree } from '../note/signer.ts';
import { isConsistent, isSubtreeProven } from '../proof/verify.ts';
import { EMPTY_ROOT, isSameHash } from '../tree/hash.ts';
import { type AddCheckpoint, parseAddCheckpoint, parseSignSubtree } from './request.ts';

/** Keeps the latest note that the witness cosigned for each log. A write is durable once it returns. */
export interface WitnessStore {
  read(origin: string): Promise<Uint8Array | undefined>;
  /** Atomic: false, and nothing is changed, when the kept bytes are not `old`. */
  replace(origin: string, old: Uint8Array | undefined, next: Uint8Array): Promise<boolean>;
}

export interface WitnessSettings {
  /** At least one; an Ed25519 cosignature key comes first, ML-DSA-44 may follow. */
  readonly keys: readonly SignerKey[];
  /** The keys of a log, or none for a log that this witness does not know. */
  readonly logKeys: (origin: string) => readonly VerifierKey[];
  readonly store: WitnessStore;
  readonly now: Now;
}

/** An HTTP answer (C2SP tlog-witness 1.0.0). */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: Uint8Array;
}

const TEXT = 'text/plain; charset=utf-8';
const SIZE = 'text/x.tlog.size';
/** Attempts against other writers of the same log's state; each lost one means that another won. */
const MAX_ATTEMPTS = 8;

/** What the witness thinks of a request, before it writes anything. */
type Judgement = { readonly answer: WitnessAnswer } | { readonly cosign: Note };

/**
 * Answers `add-checkpoint`: cosigns a checkpoint that continues the last one.
 *
 * The new state is kept before the cosignature is given out. Two requests for
 * one log cannot both move it: the loser is judged again on the new state.
 */
export async function addCheckpoint(
  witness: WitnessSettings,
  body: Uint8Array,
): Promise<WitnessAnswer> {
  const request = parsedOr400(() => parseAddCheckpoint(body));
  if ('answer' in request) return request.answer;
  const opened = openForLog(witness, request.value.checkpoint);
  if ('answer' in opened) return opened.answer;
  const { checkpoint, note } = opened;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const kept = await witness.store.read(checkpoint.origin);
    const last = kept === undefined ? undefined : parseNote(kept);
    const judgement = judge(last, request.value, checkpoint, note);
    if ('answer' in judgement) return judgement.answer;
    const cosigned = cosign(witness, judgement.cosign, last);
    const isKept = await witness.store.replace(checkpoint.origin, kept, printNote(cosigned.note));
    if (isKept) return answer(200, cosigned.lines);
  }
  return answer(409, 'too many writers of this log\n');
}

/** Answers `sign-subtree`: an ML-DSA-44 signature, without a time, over a part of a cosigned log. */
export async function answerSignSubtree(
  witness: WitnessSettings,
  body: Uint8Array,
): Promise<WitnessAnswer> {
  const key = witness.keys.find(({ type }) => type === 'subtree');
  if (key === undefined) return answer(404, 'this witness has no ML-DSA-44 key\n');
  const request = parsedOr400(() => parseSignSubtree(body));
  if ('answer' in request) return request.answer;
  const { span, hash, proof } = request.value;
  const opened = openForLog(witness, request.value.checkpoint);
  if ('answer' in opened) return opened.answer;
  const own = witness.keys.map((ownKey) => noteVerifier(verifierKeyOf(ownKey)));
  const isOwn = parsedOr400(() => signersOf(opened.note, own).length > 0);
  if ('answer' in isOwn || !isOwn.value) return answer(403, 'not cosigned by this witness\n');
  const { origin, size, root } = opened.checkpoint;
  if (!isSubtreeProven(span, size, proof, hash, root)) {
    return answer(422, 'the subtree is not proven\n');
  }
  const { name, keyId } = verifierKeyOf(key);
  return answer(
    200,
    signatureLine({ name, keyId, signature: signSubtree(key, origin, span, hash) }),
  );
}

/** The rules of tlog-witness 1.0.0, on the last cosigned note and a checkpoint signed by its log. */
function judge(
  last: Note | undefined,
  { old, proof }: AddCheckpoint,
  next: Checkpoint,
  note: Note,
): Judgement {
  if (old > next.size) return { answer: answer(400, 'old is larger than the checkpoint\n') };
  const seen = last === undefined ? undefined : parseCheckpoint(last.text);
  const seenSize = seen?.size ?? 0n;
  if (old !== seenSize) return { answer: answer(409, `${seenSize}\n`, SIZE) };
  const older = { size: seenSize, root: seen?.root ?? EMPTY_ROOT };
  if (next.size === 0n && !isSameHash(next.root, EMPTY_ROOT)) {
    return { answer: answer(422, 'the root of nothing is another\n') };
  }
  if (!isConsistent(older, next, proof)) {
    return { answer: answer(422, 'the consistency proof does not hold\n') };
  }
  return { cosign: note };
}

function openForLog(
  witness: WitnessSettings,
  bytes: Uint8Array,
): { answer: WitnessAnswer } | { checkpoint: Checkpoint; note: Note } {
  const parsed = parsedOr400(() => {
    const note = parseNote(bytes);
    return { note, checkpoint: parseCheckpoint(note.text) };
  });
  if ('answer' in parsed) return parsed;
  const { note, checkpoint } = parsed.value;
  const keys = witness.logKeys(checkpoint.origin);
  if (keys.length === 0) return { answer: answer(404, 'this log is not known here\n') };
  try {
    verifyNote(note, keys.map(noteVerifier));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { answer: answer(403, `${error.message}\n`) };
  }
  return { checkpoint, note };
}

/** Signs, never with a time before that of the last cosignature: clocks step back, logs do not. */
function cosign(witness: WitnessSettings, note: Note, last: Note | undefined) {
  const { own, signerAt } = preparedOf(witness);
  const lastTime = (last?.signatures ?? [])
    .filter(({ name, keyId }) => own.some((key) => key.name === name && key.keyId === keyId))
    .map(({ signature }) => splitCosignature(signature).time)
    .reduce(laterOf, 0n);
  const now = () => laterOf(witness.now(), lastTime);
  const { signatures } = signNote(note.text, signerAt(now));
  const logName = parseCheckpoint(note.text).origin;
  const byLog = note.signatures.filter(({ name }) => name === logName);
  return {
    note: { text: note.text, signatures: [...byLog, ...signatures] },
    lines: signatures.map(signatureLine).join(''),
  };
}

/** What is the same at each request: keys are unwrapped once. */
interface Prepared {
  readonly own: readonly VerifierKey[];
  readonly signerAt: (now: Now) => readonly NoteSigner[];
}

const PREPARED = new WeakMap<WitnessSettings, Prepared>();

function preparedOf(witness: WitnessSettings): Prepared {
  const known = PREPARED.get(witness);
  if (known !== undefined) return known;
  let time: Now = witness.now;
  const signers = witness.keys.map((key) => noteSigner(key, () => time()));
  const prepared: Prepared = {
    own: witness.keys.map(verifierKeyOf),
    // Signing follows at once, in the same turn, so one clock serves all requests.
    signerAt: (now) => {
      time = now;
      return signers;
    },
  };
  PREPARED.set(witness, prepared);
  return prepared;
}

function parsedOr400<T>(parse: () => T): { value: T } | { answer: WitnessAnswer } {
  try {
    return { value: parse() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { answer: answer(400, `${error.message}\n`) };
  }
}

function answer(status: WitnessAnswer['status'], body: string, contentType = TEXT): WitnessAnswer {
  return { status, contentType, body: utf8Bytes(body) };
}
