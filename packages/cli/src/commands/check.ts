import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { decodeText } from '@avow/bytes';
import {
  answerOf,
  type CheckPolicy,
  type CheckResult,
  check,
  junitReport,
  lockfileFaults,
  parseCheckPolicy,
  parseLockfile,
  sarifReport,
  textReport,
} from '@avow/check';
import { chainOf, TreeReader } from '@avow/log';
import type { Product } from '@avow/products';
import { withExaminer } from '../examiner.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { outputTo } from '../output.ts';
import { Progress } from '../progress.ts';
import { jsonText, safeJson, shown } from '../render/shown.ts';
import { version } from '../version.ts';
import { type Gathered, gatherFiles, gatherLog, openPolicyLog } from './check-log.ts';
import { NOW } from './log/config.ts';
import { historyOf } from './log/history.ts';
import { inventoryOf } from './log/inventory.ts';
import { keepSeen, readSeen, stateFolder } from './log/seen.ts';
import { nameAndVersion } from './publish.ts';

export interface CheckOptions {
  readonly policy: string;
  readonly log?: string;
  readonly proof?: string;
  readonly manifest?: string;
  readonly declaration?: string;
  readonly update?: boolean;
  readonly format: 'text' | 'json' | 'sarif' | 'junit';
  readonly output?: string;
  readonly junit?: string;
  readonly evidence: string;
  readonly state?: string;
  readonly ignore: readonly string[];
  readonly examine: boolean;
  readonly cache: boolean;
}

/** The status of each answer: docs/exit-codes.md. */
const STATUSES: Readonly<Record<CheckResult['answer'], ExitStatus>> = {
  good: EXIT.ok,
  'not-logged': EXIT.notLogged,
  fork: EXIT.fork,
  stale: EXIT.stale,
  gap: EXIT.gap,
  altered: EXIT.altered,
  undeclared: EXIT.undeclared,
  verdict: EXIT.verdict,
};

/** Holds what is installed against the log and a policy. */
export async function checkCommand(
  spec: string,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const policy = parseCheckPolicy(new Uint8Array(readFileSync(options.policy)));
  const isLockfile = /^(package-lock|npm-shrinkwrap)\.json$|^\.package-lock\.json$/.test(
    basename(spec),
  );
  const result = isLockfile
    ? await checkLockfile(spec, policy, options)
    : await checkProduct(spec, policy, options, signal);
  const output = outputTo(options.output);
  await output.write(rendered(result, options.format));
  if (options.junit !== undefined) writeFileSync(options.junit, junitReport(result));
  if (result.fork !== undefined) {
    writeFileSync(options.evidence, `${JSON.stringify(result.fork, null, 2)}\n`);
    console.error(`avow: the evidence of the fork is in ${options.evidence}; keep it`);
  }
  return STATUSES[result.answer];
}

async function checkProduct(
  spec: string,
  policy: CheckPolicy,
  options: CheckOptions,
  signal: AbortSignal,
): Promise<CheckResult> {
  const progress = new Progress(process.stderr, true);
  const state = options.state ?? stateFolder();
  return withExaminer({ cache: options.cache }, progress, signal, async (examiner) => {
    const product = await examiner.open(spec);
    const { members, databases } = await installedOf(product, options.update === true);
    const wanted = {
      digest: product.digest,
      version: nameAndVersion(product.target).version,
      isUpdate: options.update === true,
    };
    const seenOf = (origin: string) => readSeen(state, origin);
    const gathered =
      options.proof === undefined
        ? await gatherLog(policy, options.log, wanted, seenOf)
        : gatherFiles(options.proof, options, seenOf);
    const declared = gathered.declaration && decodeText(gathered.declaration).text;
    const examination =
      declared === undefined || !options.examine
        ? undefined
        : await examiner.examine(product, { source: 'declaration', form: 'avow', text: declared });
    const isIgnored = (path: string) =>
      options.ignore.some((start) => path === start || path.startsWith(`${start}/`));
    const artifact = product.kind === 'folder' ? {} : { artifact: product.digest };
    const result = check({
      ...gathered,
      policy,
      installed: { ...artifact, members, databases, isIgnored },
      now: NOW(),
      ...(examination === undefined ? {} : { examination }),
    });
    remember(state, gathered, result);
    return result;
  });
}

/** A folder's files were hashed when it was opened; reading them again would only take time. */
async function installedOf(product: Product, isUpdate: boolean) {
  if (isUpdate || product.listed === undefined) return inventoryOf(product, isUpdate);
  const members = [...product.listed].map(([path, digest]) => ({ path, digest }));
  return { members, databases: [] };
}

/** After a fork, or without a good signature, what was seen before stays what counts. */
function remember(
  state: string,
  { origin, checkpoint, found }: Gathered,
  result: CheckResult,
): void {
  const isTrusted = !result.faults.some(({ kind }) => kind === 'fork' || kind === 'not-logged');
  if (!isTrusted || checkpoint === undefined) return;
  const seen = readSeen(state, origin);
  const heads = new Map(seen?.heads);
  if (found !== undefined) {
    const chain = chainOf(found.entry);
    const before = heads.get(chain);
    if (before === undefined || before.entry.number < found.entry.number) heads.set(chain, found);
  }
  const isLarger = seen === undefined || sizeOf(checkpoint) >= sizeOf(seen.checkpoint);
  keepSeen(state, origin, { checkpoint: isLarger ? checkpoint : seen.checkpoint, heads });
}

function sizeOf(checkpoint: Uint8Array): bigint {
  return BigInt(decodeText(checkpoint).text.split('\n')[1] ?? '0');
}

async function checkLockfile(
  spec: string,
  policy: CheckPolicy,
  { log }: CheckOptions,
): Promise<CheckResult> {
  const locked = parseLockfile(new Uint8Array(readFileSync(spec)));
  const { source, held } = await openPolicyLog(policy, log);
  const { releases } = await historyOf(
    new TreeReader(source, held.checkpoint),
    ({ channel }) => channel === policy.channel,
  );
  const quorum = held.isQuorumMet
    ? []
    : [{ kind: 'not-logged', message: 'too few witnesses have seen the log' } as const];
  const faults = [...quorum, ...lockfileFaults(locked, releases)];
  return {
    schema: 'avow.check/1',
    product: spec,
    channel: policy.channel,
    answer: answerOf(faults),
    faults,
    notChecked: ['what is installed: a lock file says only what should be'],
    witnesses: held.witnesses,
    members: locked.length,
  };
}

function rendered(result: CheckResult, format: CheckOptions['format']): string {
  switch (format) {
    case 'text':
      return textReport(result, shown);
    case 'json':
      return jsonText(result, 2);
    case 'sarif':
      return safeJson(sarifReport(result, version()));
    case 'junit':
      return junitReport(result);
    default:
      return format satisfies never;
  }
}
