import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { latin1Text, Refused } from '@avow/bytes';
import { mayBeDatabase } from '@avow/examine';
import { printLocator, printPlace } from '@avow/locator';
import { recordsAtPlace } from '@avow/workers';
import { EXIT, type ExitStatus } from '../exit.ts';
import { resolveLocator } from '../locate/resolve.ts';
import { outputTo } from '../output.ts';
import { memberPathOf } from '../render/place.ts';
import { jsonText, shown, shownWithin } from '../render/shown.ts';
import { styled } from '../render/terminal.ts';
import { type FireResult, type FireTask, fireTaskOf } from './fire-task.ts';

interface FireOptions {
  readonly on: string;
  readonly format: 'text' | 'json';
  readonly seconds: number;
}

/** Heap of the child: a record that asks for more is stopped. */
const CHILD_HEAP_MIB = 512;

/**
 * Tries a record on a file: shows that it fires, and at which offsets. As with
 * `grep`, status 0 is a match and 1 none. Refuses `fire.record`, `fire.no-way`,
 * `fire.fault`, `fire.time`.
 */
export async function fireCommand(
  text: string,
  product: string | undefined,
  options: FireOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const { locator, member, members } = await resolveLocator(text, product, signal);
  const databases = members.filter(({ path, bytes }) => mayBeDatabase(path, bytes));
  const path = memberPathOf(locator);
  const [shownRecord] = await recordsAtPlace(databases, path, printPlace(locator.place));
  if (shownRecord === undefined)
    throw new Refused('fire.record', undefined, `${printLocator(locator)} names no record`);
  const task = fireTaskOf(shownRecord.record, latin1Text(member.bytes));
  if (typeof task === 'string') throw new Refused('fire.no-way', undefined, task);
  const result = await fireInChild(task, options.on, options.seconds * 1000, signal);
  if (result.fault !== undefined) throw new Refused('fire.fault', undefined, shown(result.fault));
  const output = outputTo(undefined);
  await output.write(
    options.format === 'json'
      ? jsonText(
          { schema: 'avow.firing/1', locator: printLocator(locator), file: options.on, ...result },
          1,
        )
      : await firingText(printLocator(locator), options.on, result, output.terminal),
  );
  return result.fires ? EXIT.ok : EXIT.findings;
}

async function firingText(
  locator: string,
  file: string,
  { fires, matches }: FireResult,
  terminal: Parameters<typeof styled>[0],
): Promise<string> {
  const bytes = await readFile(file);
  const head = fires
    ? styled(terminal, ['red', 'bold'], 'fires')
    : styled(terminal, 'green', 'does not fire');
  const lines = [`${shown(locator)}`, `${head} on ${shown(file)}`];
  for (const { pattern, offset, length } of matches) {
    const piece = bytes.subarray(offset, offset + Math.min(length, 120)).toString('latin1');
    lines.push(
      `  0x${offset.toString(16).padStart(8, '0')} ${String(length).padStart(6)} bytes  ${shown(pattern)}  ${shownWithin(piece, 60)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Runs the task in a process of its own, which is killed after `milliseconds`. */
export function fireInChild(
  task: FireTask,
  file: string,
  milliseconds: number,
  signal: AbortSignal,
): Promise<FireResult> {
  const program = fileURLToPath(new URL(`fire-child${extname(import.meta.url)}`, import.meta.url));
  if (!existsSync(file)) throw new Refused('fire.file', undefined, `${file} is not there`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${CHILD_HEAP_MIB}`, program], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {},
      signal,
    });
    let text = '';
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, milliseconds);
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (isLate)
        reject(
          new Refused(
            'fire.time',
            undefined,
            `stopped after ${milliseconds / 1000} s: the pattern does not come to an end`,
          ),
        );
      else if (code !== 0)
        reject(new Refused('fire.fault', undefined, `the engine ended with status ${code}`));
      else resolve(JSON.parse(text));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify({ task, file }));
  });
}
