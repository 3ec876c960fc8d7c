import { type Digest, digestOf, Refused } from '@avow/bytes';
import type { Examination } from '@avow/examine';
import {
  type ChainedEntry,
  entryIn,
  type Manifest,
  type Outcome,
  parseManifest,
  type RecordDigest,
} from '@avow/log';
import {
  alteredMembers,
  alteredRecords,
  type InstalledDatabase,
  type InstalledMember,
  type IsIgnored,
} from './altered.ts';
import { answerOf, type CheckResult, type Fault } from './answer.ts';
import { checkChain, checkConsistent, checkLogged, type LogEvidence, type Seen } from './logged.ts';
import type { CheckPolicy } from './policy.ts';

/** What is installed. */
export interface Installed {
  /** Digest of the artifact, where the artifact itself is at hand. */
  readonly artifact?: Digest;
  readonly members?: readonly InstalledMember[];
  readonly databases?: readonly InstalledDatabase[];
  readonly isIgnored?: IsIgnored;
}

/** Everything that a check is made of: values that the caller fetched or was given. */
export interface CheckInput {
  readonly policy: CheckPolicy;
  readonly installed: Installed;
  readonly evidence: LogEvidence | undefined;
  /** What the log has instead, `PRODUCT on CHANNEL`, when it has nothing of this one. */
  readonly logHas?: readonly string[];
  readonly seen?: Seen;
  /** The manifest that the entry names; without it only the whole artifact can be compared. */
  readonly manifest?: Uint8Array;
  /** The update's records as published, to say which one is another. */
  readonly publishedRecords?: readonly RecordDigest[];
  /** The declaration that the entry names. */
  readonly declaration?: Uint8Array;
  /** What the installed product can do, held against its declaration. */
  readonly examination?: Examination;
  /** Entries of verdicts, proven to be in the log. */
  readonly verdicts?: readonly Uint8Array[];
  /** Seconds since 1970. */
  readonly now: bigint;
}

/**
 * Holds an installed product against the log and the policy: is it logged, is
 * it what everyone got, is it what was released, is it within its declaration.
 *
 * Refuses nothing: what is wrong with the evidence is an answer.
 */
export function check(input: CheckInput): CheckResult {
  const { policy, evidence, seen, now } = input;
  const base = {
    schema: 'avow.check/1',
    product: policy.product,
    channel: policy.channel,
  } as const;
  if (evidence === undefined) {
    const faults: Fault[] = [{ kind: 'not-logged', message: nothingLogged(input.logHas) }];
    return { ...base, answer: 'not-logged', faults, notChecked: [], witnesses: [] };
  }
  const logged = checkLogged(policy, evidence);
  const faults = [...logged.faults];
  const notChecked = [...logged.notChecked];
  const { entry, entryBytes, held } = logged;
  const consistent = held && seen ? checkConsistent(held, seen, policy) : undefined;
  if (consistent !== undefined) {
    faults.push(...consistent.faults);
    notChecked.push(...consistent.notChecked);
  } else notChecked.push('whether the log is the one shown before: this is the first check');
  if (policy.trust.witnesses.length === 0) {
    notChecked.push('whether others are shown the same log: the policy names no witness');
  }
  if (entry !== undefined && entryBytes !== undefined) {
    faults.push(...checkChain(entryBytes, entry, evidence, seen?.head));
    faults.push(...checkFresh(policy, held?.witnessedAt, now, notChecked));
    faults.push(...checkUnaltered(entry, input, notChecked));
    faults.push(...checkDeclared(entry, input, notChecked));
    faults.push(...checkVerdicts(entry, input, notChecked));
  }
  return {
    ...base,
    answer: answerOf(faults),
    faults,
    notChecked,
    witnesses: held?.witnesses ?? [],
    ...(held?.witnessedAt === undefined ? {} : { witnessedAt: `${held.witnessedAt}` }),
    ...(entry === undefined || held === undefined
      ? {}
      : { entry: entryFacts(entry, held.checkpoint.origin, logged.index!) }),
    ...(input.installed.members === undefined ? {} : { members: input.installed.members.length }),
    ...(consistent?.fork === undefined ? {} : { fork: consistent.fork }),
  };
}

/** Of what a log has instead, more than this many are counted, not named. */
const MAX_NAMED = 5;

function nothingLogged(logHas: readonly string[] | undefined): string {
  const message = 'the log has no entry of this product on this channel';
  if (logHas === undefined) return message;
  if (logHas.length === 0) return `${message}; it has none of any product`;
  const more = logHas.length - MAX_NAMED;
  const named = logHas.slice(0, MAX_NAMED).join(', ');
  return `${message}; it has ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

function entryFacts(entry: ChainedEntry, log: string, index: bigint): CheckResult['entry'] & {} {
  const { type, number, digest } = entry;
  const version = 'version' in entry ? entry.version : undefined;
  const facts = { log, index: `${index}`, type, number, digest };
  return version === undefined ? facts : { ...facts, version };
}

/** A clock of ours that is behind the witness's makes nothing stale. */
function checkFresh(
  { maxAge }: CheckPolicy,
  witnessedAt: bigint | undefined,
  now: bigint,
  notChecked: string[],
): readonly Fault[] {
  if (maxAge === undefined) return [];
  if (witnessedAt === undefined) {
    notChecked.push('how fresh it is: no witness dated it');
    return [];
  }
  const age = now - witnessedAt;
  if (age <= BigInt(maxAge)) return [];
  const message = `a witness last saw the log ${age} seconds ago; the policy allows ${maxAge}`;
  return [{ kind: 'stale', message }];
}

function checkUnaltered(
  entry: ChainedEntry,
  { installed, manifest, publishedRecords }: CheckInput,
  notChecked: string[],
): readonly Fault[] {
  if (installed.artifact !== undefined && installed.artifact === entry.digest) return [];
  if (manifest === undefined || !('manifest' in entry)) {
    if (installed.artifact !== undefined) {
      const message = `the artifact is ${installed.artifact}, logged was ${entry.digest}`;
      return [{ kind: 'altered', message }];
    }
    notChecked.push('whether it is what was released: its manifest is not at hand');
    return [];
  }
  if (digestOf(manifest) !== entry.manifest) {
    return [{ kind: 'altered', message: `the manifest is not the one logged, ${entry.manifest}` }];
  }
  let parsed: Manifest;
  try {
    parsed = parseManifest(manifest);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [{ kind: 'altered', message: `the manifest that was logged is none: ${error.found}` }];
  }
  if (parsed.schema === 'avow.release/1') {
    return alteredMembers(parsed, installed.members ?? [], installed.isIgnored);
  }
  return alteredRecords(parsed, installed.databases ?? [], publishedRecords);
}

function checkDeclared(
  entry: ChainedEntry,
  { policy, declaration, examination }: CheckInput,
  notChecked: string[],
): readonly Fault[] {
  const named = 'declaration' in entry ? entry.declaration : undefined;
  if (named === undefined) {
    if (policy.declaration !== 'required') {
      notChecked.push('what it may do: its maker has logged no declaration of it');
      return [];
    }
    return [{ kind: 'undeclared', message: 'its maker has logged no declaration of it' }];
  }
  if (declaration !== undefined && digestOf(declaration) !== named) {
    return [{ kind: 'undeclared', message: `the declaration is not the one logged, ${named}` }];
  }
  if (declaration === undefined || examination === undefined) {
    notChecked.push('whether it keeps to its declaration: it was not examined');
    return [];
  }
  if (examination.answer === 'incomplete') {
    notChecked.push('all of it against its declaration: some could not be read (avow examine)');
  }
  const places = new Map(
    [...examination.features, ...examination.flows].map((one) => [
      one.id,
      'locator' in one ? one.locator : one.hops[0]?.locator,
    ]),
  );
  return examination.findings.map(({ kind, of, rank }) => {
    const where = places.get(of);
    const message = kind === 'contradicts' ? 'contradicts the declaration' : 'is not declared';
    return { kind: 'undeclared', message: `${rank}: ${message}`, ...(where ? { where } : {}) };
  });
}

/** Outcomes that speak against a product. */
const AGAINST: readonly Outcome[] = ['undeclared', 'contradicts'];

function checkVerdicts(
  entry: ChainedEntry,
  { verdicts }: CheckInput,
  notChecked: string[],
): readonly Fault[] {
  if (verdicts === undefined) {
    notChecked.push('verdicts: the log was not asked');
    return [];
  }
  return verdicts.flatMap((bytes): Fault[] => {
    const verdict = entryIn(bytes);
    if (verdict?.type !== 'verdict' || verdict.about !== entry.digest) return [];
    if (!AGAINST.includes(verdict.outcome)) return [];
    const message = `${verdict.judge} found: ${verdict.outcome} (${verdict.digest})`;
    return [{ kind: 'verdict', message }];
  });
}
