import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8Bytes } from '@avow/bytes';
import { parseCheckPolicy } from '@avow/check';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { LOG_FILES, readLogConfig } from './config.ts';

export interface PolicyOptions {
  readonly product: string;
  readonly url?: string;
  readonly channel: string;
}

/** Prints the policy (docs/formats/policy.md) that holds a product to this log, ready to hand over. */
export function policyCommand(folder: string, options: PolicyOptions): ExitStatus {
  readLogConfig(folder);
  const keys = linesOf(join(folder, LOG_FILES.publicKeys));
  const witnesses = linesOf(join(folder, LOG_FILES.policy)).filter((line) => !/^log\s/.test(line));
  const url = options.url === undefined ? '' : ` ${options.url}`;
  const policy = {
    schema: 'avow.policy/1',
    product: options.product,
    channel: options.channel,
    trust: [...keys.map((key) => `log ${key}${url}`), ...witnesses],
  };
  const { product } = parseCheckPolicy(utf8Bytes(JSON.stringify(policy)));
  process.stdout.write(`${JSON.stringify({ ...policy, product }, null, 2)}\n`);
  return EXIT.ok;
}

function linesOf(path: string): readonly string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
}
