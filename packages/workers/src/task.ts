import type { Digest } from '@avow/bytes';
import type { ReadingTask, ScriptGoal } from '@avow/examine';

/** Which parsers a child may use: a module that killed one is retried without native code. */
export type ParserChoice = 'fast' | 'pure';

export type ChildTask = ReadingTask & { readonly parser: ParserChoice };

const PARSERS: readonly ParserChoice[] = ['fast', 'pure'];
const LANGUAGES: readonly ReadingTask['language'][] = [
  'js',
  'ts',
  'jsx',
  'tsx',
  'dts',
  'html',
  'vue',
  'svelte',
  'elf',
  'pe',
  'macho',
  'wasm',
];
const GOALS: readonly ScriptGoal[] = ['module', 'commonjs', 'script', 'unknown'];

/** In place of the parser: what follows is the JSON of a product whose data is to be followed. */
const FLOW_JOB = 0xff;

/** The payload that asks a child to follow a product's data. */
export function encodeFlowJob(json: string): Buffer {
  return Buffer.concat([Buffer.of(FLOW_JOB), Buffer.from(json)]);
}

export function isFlowJob(payload: Buffer): boolean {
  return payload[0] === FLOW_JOB;
}

/** In place of the parser: what follows is the JSON of rules of someone else, for all modules to come. */
const OUTSIDE_RULES = 0xfe;

export function encodeOutsideRules(json: string): Buffer {
  return Buffer.concat([Buffer.of(OUTSIDE_RULES), Buffer.from(json)]);
}

export function isOutsideRules(payload: Buffer): boolean {
  return payload[0] === OUTSIDE_RULES;
}

/**
 * `u8 parser · u8 language · u8 goal · u8 whether links are wanted · 32 bytes
 * SHA-256 · u32 length of JSON`, the JSON of what its exports are given, if
 * anything, then the module's bytes.
 */
const TASK_HEADER_BYTES = 40;
const GIVEN_LENGTH_AT = 36;

/** The head of a task's payload; the module's own bytes follow it uncopied. */
export function encodeTaskHead(task: ReadingTask, parser: ParserChoice): Buffer {
  const given = Buffer.from(task.given === undefined ? '' : JSON.stringify(task.given));
  const head = Buffer.alloc(TASK_HEADER_BYTES);
  head[0] = PARSERS.indexOf(parser);
  head[1] = LANGUAGES.indexOf(task.language);
  head[2] = GOALS.indexOf(task.goal);
  head[3] = task.withLinks === true ? 1 : 0;
  head.write(task.digest.slice('sha256:'.length), 4, 'hex');
  head.writeUInt32LE(given.length, GIVEN_LENGTH_AT);
  return given.length === 0 ? head : Buffer.concat([head, given]);
}

export function decodeTask(payload: Buffer): ChildTask {
  const start = TASK_HEADER_BYTES + payload.readUInt32LE(GIVEN_LENGTH_AT);
  const given = payload.toString('utf8', TASK_HEADER_BYTES, start);
  return {
    parser: PARSERS[payload[0]!]!,
    language: LANGUAGES[payload[1]!]!,
    goal: GOALS[payload[2]!]!,
    ...(payload[3] === 1 ? { withLinks: true } : {}),
    ...(given === '' ? {} : { given: JSON.parse(given) }),
    digest: `sha256:${payload.toString('hex', 4, GIVEN_LENGTH_AT)}` satisfies Digest,
    bytes: payload.subarray(start),
  } as ChildTask;
}
