import { readFileSync } from 'node:fs';
import { REASONS } from '@avow/docket';
import { type Client, nonceFor } from '@avow/server/client';
import { type AnswerOf, claims, receipts } from '@avow/server/contract';
import { UsageError } from '../../errors.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { shown } from '../../render/shown.ts';
import { tell } from '../claim/open.ts';
import { clientOf } from './client.ts';

type Claim = AnswerOf<typeof claims.read>;

export interface RemoteClaimOptions {
  readonly server: string;
  readonly by?: string;
  readonly text?: string;
  readonly file?: string;
  readonly complete?: string;
  readonly json?: boolean;
}

/** Makes a claim at a service: under the account of the token, else with a receipt code. */
export async function claimThere(options: RemoteClaimOptions): Promise<ExitStatus> {
  const client = clientOf(options.server);
  const text = textOf(options);
  if (options.complete !== undefined) {
    const params = { claim: options.complete };
    const claim = await client.call(claims.complete, { params, body: { text } });
    return told(claim, undefined, options);
  }
  const name = options.by === 'anonymous' || options.by === undefined ? {} : { name: options.by };
  const work = process.env['AVOW_TOKEN'] === undefined ? await workFor(client) : {};
  const made = await client.call(claims.make, { body: { text, ...name, ...work } });
  return told(made.claim, made.code, options);
}

/** A claim of one's own, or that of a receipt code, which is read from standard input. */
export async function showThere(id: string, options: RemoteClaimOptions): Promise<ExitStatus> {
  const client = clientOf(options.server);
  if (id !== '-')
    return told(await client.call(claims.read, { params: { claim: id } }), undefined, options);
  const code = readFileSync(0, 'utf8').trim();
  const { claim } = await client.call(receipts.read, { body: { code } });
  return told(claim, undefined, options);
}

async function workFor(client: Client) {
  const { challenge, bits } = await client.call(claims.work, {});
  return bits === 0 ? {} : { work: { challenge, nonce: nonceFor(challenge, bits) } };
}

function textOf({ text, file }: RemoteClaimOptions): string {
  if (text !== undefined) return text.replaceAll('\\n', '\n');
  if (file === undefined && process.stdin.isTTY) {
    throw new UsageError(
      'the claim has no text',
      'give --text, --file, or write it to standard input',
    );
  }
  return readFileSync(file === undefined || file === '-' ? 0 : file, 'utf8');
}

function told(claim: Claim, code: string | undefined, { json }: RemoteClaimOptions): ExitStatus {
  const lacks = claim.lacks ?? [];
  tell(
    code === undefined ? claim : { claim, code },
    [
      `${claim.id}: ${claim.state} since ${claim.since}`,
      ...(claim.locator === undefined
        ? []
        : [`  ${shown(claim.said ?? '')} at ${shown(claim.locator)}`]),
      ...(claim.outcome === undefined
        ? []
        : [`  re-checked: ${claim.outcome}, receipt ${claim.receipt}`]),
      ...lacks.flatMap(({ reason, says, candidates }) => [
        `  ${reason}: ${REASONS[reason as keyof typeof REASONS]?.says ?? ''}`,
        ...(says === '' ? [] : [`    ${shown(says)}`]),
        ...candidates.map((one) => `    nearest: ${shown(one)}`),
      ]),
      ...(code === undefined
        ? []
        : [
            '',
            `Receipt code: ${code}`,
            'It is shown this once. Whoever has it has the claim; without it nobody has.',
          ]),
    ],
    json,
  );
  return claim.state === 'returned' ? EXIT.findings : EXIT.ok;
}
