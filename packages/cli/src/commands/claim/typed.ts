import { readFileSync, statSync } from 'node:fs';
import { utf8Bytes } from '@avow/bytes';
import type { Docket, Given, Subject } from '@avow/docket';
import { UsageError } from '../../errors.ts';
import { type Asking, QUESTIONS } from './ask.ts';

export interface TypedOptions {
  readonly by: string;
  readonly text?: string;
  readonly file?: string;
  readonly complete?: string;
  readonly yes?: boolean;
}

/** A claim with everything that was typed for it so far. */
export interface Typed {
  readonly id: Subject;
  readonly text: string;
  readonly claimant: string;
  /** Products that it was held against before. */
  readonly against: readonly Given[];
  /** The input ended before the last question: what there is is kept, and not handed in. */
  readonly isCut?: true;
}

/** Takes the text of a new claim or of one that goes on, and keeps it before anything can go wrong. */
export async function typedClaim(
  docket: Docket,
  options: TypedOptions,
  asking: Asking | undefined,
): Promise<Typed> {
  const { complete } = options;
  const given = givenText(options, asking !== undefined);
  if (complete === undefined) {
    if (given === undefined) return askedClaim(docket, options, asking!);
    const { id } = await docket.write(options.by, given);
    return { id, text: given, claimant: options.by, against: [] };
  }
  const before = await docket.claim(complete);
  const kept = (await docket.textOf(before.texts.at(-1)!)) ?? '';
  const more = given ?? (options.yes === true ? undefined : (await answers(asking!)).join('\n'));
  const text = given ?? (more === undefined || more === '' ? kept : `${kept}\n${more}`);
  const { claimant, against } = before;
  if (text !== kept) await edit(docket, complete, claimant, text);
  return { id: complete, text, claimant, against };
}

/** From the options or from what is piped in; undefined where a person is to be asked. */
function givenText(
  { text, file, complete, yes }: TypedOptions,
  canAsk: boolean,
): string | undefined {
  if (text !== undefined) return text.replaceAll('\\n', '\n');
  if (file !== undefined) return file === '-' ? readFileSync(0, 'utf8') : textOf(file);
  if (canAsk || (complete !== undefined && yes === true)) return undefined;
  return readFileSync(0, 'utf8');
}

/** More than any claim; a report of a whole product is evidence, not a claim. */
const MAX_FILE = 64 * 1024 * 1024;

function textOf(file: string): string {
  const { size } = statSync(file);
  if (size <= MAX_FILE) return readFileSync(file, 'utf8');
  throw new UsageError(
    `${file} has ${size} bytes; a claim has at most ${MAX_FILE}`,
    'claim one result of it, and give the rest as evidence',
  );
}

/** Each answer is kept as it is given, so that a closed window loses none. */
async function askedClaim(docket: Docket, { by }: TypedOptions, asking: Asking): Promise<Typed> {
  let id: Subject | undefined;
  let text = '';
  for (const { asks, label } of QUESTIONS) {
    const answer = await asking.ask(asks);
    if (answer === undefined && id !== undefined) return { ...made(id, text, by), isCut: true };
    if (answer === undefined) break;
    if (answer === '') continue;
    text = text === '' ? `${label}${answer}` : `${text}\n${label}${answer}`;
    if (id === undefined) id = (await docket.write(by, text)).id;
    else await edit(docket, id, by, text);
  }
  if (id === undefined) throw new UsageError('nothing was typed', 'say what is where');
  return made(id, text, by);
}

function made(id: Subject, text: string, claimant: string): Typed {
  return { id, text, claimant, against: [] };
}

async function answers(asking: Asking): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { asks, label } of QUESTIONS) {
    const answer = await asking.ask(asks);
    if (answer === undefined) break;
    if (answer !== '') lines.push(`${label}${answer}`);
  }
  return lines;
}

async function edit(docket: Docket, id: Subject, by: string, text: string): Promise<void> {
  const digest = await docket.keep(utf8Bytes(text));
  await docket.act(id, 'edit', { name: by, role: 'claimant' }, { text: digest });
}
