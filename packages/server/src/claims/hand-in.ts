import { utf8Bytes } from '@avow/bytes';
import type { Claim } from '@avow/docket';
import { hashOfCode, newCode } from './code.ts';
import type { DocketPorts } from './port.ts';

/** How long someone who hands a claim in is kept waiting for its answer. */
const WAIT_MS = 8_000;
const LOOK_MS = 250;

export interface NewClaim {
  readonly text: string;
  readonly name: string;
  /** Absent: a receipt code is made. */
  readonly account?: string | undefined;
}

/** Keeps a claim, has it answered, and waits a little for that. */
export async function handIn(
  ports: DocketPorts,
  { text, name, account }: NewClaim,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly code?: string }> {
  const { id } = await ports.docket.write(name, text);
  const code = account === undefined ? newCode() : undefined;
  if (account !== undefined) await ports.standing.add(id, 'owner', account);
  if (code !== undefined) await ports.standing.addReceipt(hashOfCode(code), id, ports.now());
  // Received before anyone looks at it: whatever happens now, it is handed in.
  await ports.docket.act(id, 'submit', { name, role: 'claimant' });
  await answered(ports, id, account, signal);
  return { id, ...(code === undefined ? {} : { code }) };
}

/** Goes on with a claim that was turned back: the new words are kept with it, and answered. */
export async function complete(
  ports: DocketPorts,
  claim: Claim,
  text: string,
  account: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const digest = await ports.docket.keep(utf8Bytes(text));
  await answered(ports, claim.id, account, signal, digest);
}

async function answered(
  ports: DocketPorts,
  claim: string,
  account: string | undefined,
  signal: AbortSignal,
  text?: string,
): Promise<void> {
  const id = await askAnswer(ports, claim, account, text);
  const until = ports.now() + WAIT_MS;
  while (ports.now() < until && !signal.aborted) {
    const job = await ports.jobs.read(id);
    if (job === undefined || job.ended !== undefined) return;
    await ports.jobs.whenChanged(LOOK_MS, signal);
  }
}

type AskPorts = Pick<DocketPorts, 'docket' | 'jobs'>;

/** Has a claim answered as it is now; asked again, it is the same job. */
async function askAnswer(
  { docket, jobs }: AskPorts,
  claim: string,
  account: string | undefined,
  text?: string,
): Promise<string> {
  const { version } = await docket.claim(claim);
  const ask = [claim, version, ...(text === undefined ? [] : [text])].join(':');
  const [id] = await jobs.enqueue([
    {
      kind: 'answer',
      key: ask,
      data: {
        claim,
        ask,
        ...(account === undefined ? {} : { owner: account }),
        ...(text === undefined ? {} : { text }),
      },
    },
  ]);
  return id!;
}

/** Of one look; the rest has its turn in the next. */
const AT_ONCE = 500;

/** Has answered what was handed in to a server that died before it could ask for that. */
export async function answerReceived(
  ports: AskPorts & Pick<DocketPorts, 'store' | 'standing'>,
): Promise<void> {
  const rows = await ports.store.list({ kind: 'claim', state: 'received', limit: AT_ONCE });
  for (const { subject } of rows) {
    const { owners } = await ports.standing.of([subject]);
    await askAnswer(ports, subject, owners[0]);
  }
}
