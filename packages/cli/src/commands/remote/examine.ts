import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Examination } from '@avow/examine';
import type { Product } from '@avow/products';
import { type Client, followJob, handIn } from '@avow/server/client';
import { jobs, releases } from '@avow/server/contract';
import { UsageError } from '../../errors.ts';
import type { ExitStatus } from '../../exit.ts';
import { outputTo } from '../../output.ts';
import { Progress } from '../../progress.ts';
import { sized } from '../../render/wrap.ts';
import type { ExamineOptions } from '../examine.ts';
import { gateOf, statusOf } from '../examine-status.ts';
import { rendered } from '../rendered.ts';
import { clientOf } from './client.ts';

export interface RemoteExamineOptions extends ExamineOptions {
  readonly server: string;
  /** Everyone may see the release and what is found. */
  readonly public?: boolean;
}

/** Has a service examine an artifact or a release of a registry, and shows what it found as if it were found here. */
export async function examineThere(
  spec: string,
  options: RemoteExamineOptions,
): Promise<ExitStatus> {
  const progress = new Progress(process.stderr, options.quiet !== true);
  const client = clientOf(options.server);
  const gate = await gateOf(options);
  try {
    const job = await begun(client, spec, options.public === true, progress);
    const ended = await followJob(client, job, (says) => progress.say(says));
    if (ended.release === undefined) {
      throw new UsageError(
        `${options.server} could not examine it: ${ended.why ?? ended.state}`,
        'avow code says what a code means',
      );
    }
    const where = { params: { release: ended.release } };
    const response = await client.send(releases.examination, where, {});
    const examination = (await response.json()) as Examination;
    progress.end();
    const output = outputTo(options.output);
    const text = await rendered(examination, productOf(examination), options, output, undefined);
    await output.write(text);
    return await statusOf(examination, gate);
  } finally {
    progress.end();
  }
}

async function begun(
  client: Client,
  spec: string,
  isPublic: boolean,
  progress: Progress,
): Promise<string> {
  if (/^(?:npm|deb):/.test(spec)) {
    return (await client.call(jobs.examine, { body: { spec } })).id;
  }
  const path = spec.replace(/^(?:file|vsix|crx):/, '');
  if (statSync(path).isDirectory()) {
    throw new UsageError('a folder cannot be handed in', 'pack it first, as it is published');
  }
  const bytes = new Uint8Array(readFileSync(path));
  const upload = await handIn(client, basename(path), bytes, isPublic, (done) =>
    progress.say(`handing in: ${sized(done)} of ${sized(bytes.length)}`),
  );
  return upload.job!;
}

/** Its files are there, not here: pages without excerpts. */
function productOf({ product: { target, digest, size } }: Examination): Product {
  return { target, digest, size, kind: 'file', async *members() {} };
}
