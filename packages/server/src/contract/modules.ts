import { z } from 'zod';
import { limit, typed } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

const onRelease = z.strictObject({ release: z.coerce.number().int().min(1) });
/** Path in the release, as results write it; a slice of a fat file is `!/arm64` behind it. */
const path = z.string().min(1).max(2_000);
const row = z.coerce.number().int().min(0).max(1e9).default(0);
const listed = {
  path,
  q: typed(200).optional().describe('what a row contains, ASCII letters in either case'),
  after: row.describe('`next` of the page before'),
  limit,
};
const next = z.number().int().optional().describe('for `after`; absent on the last page');
const at = z.string().describe('virtual address, or offset of WebAssembly, in hex');
const where = z.string().describe('as the end of a locator: @va:0x401000, @wasm:7');

/** A function, by where it is. */
export const moduleFunction = named(
  'ModuleFunction',
  z.object({
    at,
    place: where,
    name: z.string().optional(),
    size: z.number().int().describe('in bytes'),
  }),
);

/** A place of code, and the function that holds it. */
const codePlace = z.object({ at, place: where, in: moduleFunction.optional() });

export const codeLine = named(
  'CodeLine',
  z.object({
    at,
    place: where,
    offset: z.number().int().optional().describe('byte of the file'),
    bytes: z.string().describe('hex'),
    text: z.string().describe('the instruction'),
    depth: z.number().int().optional().describe('blocks around it, of WebAssembly'),
    isPlace: z.boolean(),
    note: z
      .object({ kind: z.enum(['import', 'system', 'symbol', 'text']), text: z.string() })
      .optional(),
    import: z.number().int().optional().describe('row of the import that it reaches'),
    to: z
      .object({ place: where, name: z.string().optional() })
      .optional()
      .describe('the code that it goes to or names'),
  }),
);

export const moduleAbout = named(
  'ModuleAbout',
  z.object({
    path: z.string(),
    target: z.string(),
    digest: z.string(),
    size: z.number().int(),
    kind: z.enum(['elf', 'pe', 'macho', 'wasm']),
    slices: z.array(z.string()).describe('of a fat file: each is a path of its own'),
    machine: z.string(),
    bits: z.number().int(),
    isDisassembled: z.boolean(),
    base: at,
    buildId: z.string().optional(),
    libraries: z.array(z.string()),
    facts: z.array(z.object({ name: z.string(), value: z.string() })),
    sections: z.array(
      z.object({
        name: z.string(),
        at,
        size: z.number().int(),
        offset: z.number().int().nullable(),
        executable: z.boolean(),
        writable: z.boolean(),
      }),
    ),
    entries: z.array(codePlace.extend({ what: z.string() })),
    data: z.array(
      z.object({
        address: z.number().nullable(),
        offset: z.number().int(),
        size: z.number().int(),
      }),
    ),
    unread: z.array(z.object({ what: z.string(), code: z.string(), message: z.string() })),
    counts: z.object({
      functions: z.number().int(),
      strings: z.number().int(),
      imports: z.number().int(),
      exports: z.number().int(),
    }),
    isCut: z.boolean().describe('there are more strings or references than are kept'),
  }),
);

function list<const Item extends z.ZodType>(noun: string, summary: string, item: Item) {
  return route({
    method: 'get',
    path: `/releases/{release}/module/${noun}`,
    id: `module.${noun}`,
    summary,
    access: 'release.read',
    params: onRelease,
    query: z.strictObject(listed),
    answer: z.object({ items: z.array(item), next }),
  });
}

export const modules = {
  about: route({
    method: 'get',
    path: '/releases/{release}/module',
    id: 'module.about',
    summary: 'What a module of machine code or WebAssembly is',
    access: 'release.read',
    params: onRelease,
    query: z.strictObject({ path }),
    answer: moduleAbout,
  }),
  functions: list('functions', 'Functions of a module, in order of address', moduleFunction),
  strings: list(
    'strings',
    'Texts of a module, and the code that refers to each',
    z.object({
      at,
      offset: z.number().int(),
      place: where,
      text: z.string(),
      references: z.number().int(),
      from: z.array(codePlace).describe('the first of them'),
    }),
  ),
  imports: list(
    'imports',
    'What a module imports',
    z.object({
      row: z.number().int(),
      name: z.string(),
      library: z.string(),
      kind: z.string().optional(),
      calls: z.number().int().describe('places of code that reach it'),
      from: z.array(codePlace).describe('the first of them'),
    }),
  ),
  exports: list(
    'exports',
    'What a module exports',
    z.object({
      name: z.string(),
      at: at.optional(),
      place: where.optional(),
      isCode: z.boolean(),
      to: z.string().optional().describe('what it stands for elsewhere'),
    }),
  ),
  calls: route({
    method: 'get',
    path: '/releases/{release}/module/calls',
    id: 'module.calls',
    summary: 'Where the code of a module reaches one import',
    access: 'release.read',
    params: onRelease,
    query: z.strictObject({ path, import: row.describe('row of the import'), after: row, limit }),
    answer: z.object({ name: z.string(), library: z.string(), items: z.array(codePlace), next }),
  }),
  code: route({
    method: 'get',
    path: '/releases/{release}/module/code',
    id: 'module.code',
    summary: 'Code of one function, instruction by instruction',
    access: 'release.read',
    params: onRelease,
    query: z.strictObject({
      path,
      place: z.string().min(2).max(1_000).describe('any place of the function: @va:0x401000'),
      from: z
        .string()
        .regex(/^0x[0-9a-f]{1,16}(?::\d{1,6})?$/)
        .optional()
        .describe('`next` of the page before'),
      limit,
    }),
    answer: z.object({
      function: moduleFunction.optional().describe('absent between functions'),
      type: z.string().optional().describe('of a function of WebAssembly'),
      lines: z.array(codeLine),
      unread: z.string().optional().describe('why the text ends early'),
      callers: z.array(codePlace),
      callersInAll: z.number().int(),
      next: z.string().optional().describe('for `from`; absent at the end of the function'),
    }),
  }),
};
