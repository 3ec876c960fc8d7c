/**
 * What functions outside the product do with data, by name: those of the
 * language, of browsers and of Node, and names that libraries share. Data, so
 * that it can be read and argued with line by line.
 */

/** Methods of a value that holds data, whose result tells nothing of it but a fact or a count. */
export const TELLS_LITTLE: ReadonlySet<string> = new Set([
  ...['length', 'size', 'byteLength', 'byteOffset', 'includes', 'indexOf', 'lastIndexOf', 'search'],
  ...['startsWith', 'endsWith', 'test', 'some', 'every', 'has', 'hasOwnProperty', 'findIndex'],
  ...[
    'localeCompare',
    'equals',
    'compare',
    'isFile',
    'isDirectory',
    'isSymbolicLink',
    'constructor',
  ],
  ...['statusCode', 'status', 'ok', 'readyState', 'killed', 'exitCode', 'pid', 'destroyed', 'code'],
  ...[
    'removeListener',
    'removeEventListener',
    'off',
    'destroy',
    'close',
    'pause',
    'resume',
    'unref',
  ],
  ...['setEncoding', 'setTimeout', 'abort', 'kill', 'preventDefault', 'stopPropagation', 'signal'],
]);

/** Functions whose result no longer is the data: hashes, checks, counts. */
export const ENDS_DATA: ReadonlySet<string> = new Set([
  ...['md5', 'sha1', 'sha256', 'sha512', 'createHash', 'createHmac', 'hash', 'hashSync', 'digest'],
  ...['timingSafeEqual', 'isArray', 'isNaN', 'isFinite', 'isInteger', 'Boolean', 'existsSync'],
  ...['compare', 'compareSync', 'randomBytes', 'randomUUID', 'pbkdf2', 'pbkdf2Sync', 'crc32'],
  ...['statSync', 'stat', 'lstat', 'access', 'accessSync', 'byteLength'],
]);

/** Functions of known result: the data in other clothes, and how it is dressed. */
export const CARRIES: Readonly<Record<string, string | undefined>> = {
  stringify: 'json',
  parse: undefined,
  encodeURIComponent: 'url-encode',
  encodeURI: 'url-encode',
  escape: 'url-encode',
  unescape: undefined,
  decodeURIComponent: undefined,
  btoa: 'base64',
  atob: undefined,
  String: undefined,
  Number: undefined,
  Object: undefined,
  Array: undefined,
  parseInt: undefined,
  parseFloat: undefined,
  from: undefined,
  of: undefined,
  concat: undefined,
  alloc: undefined,
  assign: undefined,
  freeze: undefined,
  create: undefined,
  fromEntries: undefined,
  entries: undefined,
  values: undefined,
  structuredClone: undefined,
  cloneDeep: undefined,
  merge: undefined,
  pick: undefined,
  omit: undefined,
  format: undefined,
  inspect: undefined,
  join: undefined,
  resolve: undefined,
  normalize: undefined,
  basename: undefined,
  dirname: undefined,
  raw: undefined,
  all: undefined,
  allSettled: undefined,
  race: undefined,
  any: undefined,
  gzip: 'compress',
  gzipSync: 'compress',
  deflate: 'compress',
  deflateSync: 'compress',
  deflateRawSync: 'compress',
  brotliCompress: 'compress',
  brotliCompressSync: 'compress',
  compress: 'compress',
  encrypt: 'encrypt',
  publicEncrypt: 'encrypt',
  privateEncrypt: 'encrypt',
  AES: 'encrypt',
  encode: 'encode',
  serialize: 'encode',
  pack: 'encode',
  fromCharCode: undefined,
  fromCodePoint: undefined,
};

/** Methods on data that change its form. */
export const DRESSES: ReadonlyMap<string, string> = new Map([
  ['slice', 'slice'],
  ['substring', 'slice'],
  ['substr', 'slice'],
  ['subarray', 'slice'],
]);

/** Constructors whose object holds what they are given. */
export const HOLDERS: ReadonlySet<string> = new Set([
  ...[
    'URL',
    'URLSearchParams',
    'FormData',
    'Blob',
    'File',
    'Uint8Array',
    'Buffer',
    'String',
    'Array',
  ],
  ...[
    'Map',
    'Set',
    'WeakMap',
    'Error',
    'TypeError',
    'Response',
    'Request',
    'Headers',
    'Date',
    'DataView',
  ],
  ...[
    'MediaRecorder',
    'MediaStream',
    'ReadableStream',
    'MessageEvent',
    'CustomEvent',
    'Event',
    'TextEncoder',
    'Object',
    'Proxy',
  ],
]);

/** Of these, those that are one text in the end, whatever key the data is given under. */
export const TEXT_HOLDERS: ReadonlySet<string> = new Set([
  ...['URL', 'URLSearchParams', 'FormData', 'Headers', 'Blob', 'File'],
]);

/** Methods that put their arguments into the object they are called on. */
export const KEEPS: ReadonlySet<string> = new Set([
  ...[
    'push',
    'unshift',
    'splice',
    'add',
    'set',
    'append',
    'enqueue',
    'write',
    'end',
    'fill',
    'copy',
  ],
  ...[
    'setItem',
    'put',
    'insert',
    'update',
    'appendFile',
    'file',
    'field',
    'attach',
    'prepend',
    'concat',
  ],
]);

/** What a method gives its callback: which parameter, and whether an element or the whole. */
export interface Hand {
  readonly parameter: number;
  readonly what: 'element' | 'whole';
  /** Which argument is the callback; the last by default. */
  readonly callback?: number;
}

/** Methods of a value that holds data and that call back with it. */
export const CALLS_BACK: ReadonlyMap<string, readonly Hand[]> = new Map<string, readonly Hand[]>([
  ['map', [{ parameter: 0, what: 'element', callback: 0 }]],
  ['flatMap', [{ parameter: 0, what: 'element', callback: 0 }]],
  [
    'forEach',
    [
      { parameter: 0, what: 'element', callback: 0 },
      { parameter: 1, what: 'whole', callback: 0 },
    ],
  ],
  ['filter', [{ parameter: 0, what: 'element', callback: 0 }]],
  ['find', [{ parameter: 0, what: 'element', callback: 0 }]],
  ['some', [{ parameter: 0, what: 'element', callback: 0 }]],
  ['every', [{ parameter: 0, what: 'element', callback: 0 }]],
  ['sort', [{ parameter: 0, what: 'element', callback: 0 }]],
  ['reduce', [{ parameter: 1, what: 'element', callback: 0 }]],
  ['reduceRight', [{ parameter: 1, what: 'element', callback: 0 }]],
  ['replace', [{ parameter: 0, what: 'whole', callback: 1 }]],
  ['replaceAll', [{ parameter: 0, what: 'whole', callback: 1 }]],
  ['then', [{ parameter: 0, what: 'whole', callback: 0 }]],
  ['finally', []],
  ['catch', []],
  ['tap', [{ parameter: 0, what: 'whole', callback: 0 }]],
  ['subscribe', [{ parameter: 0, what: 'whole', callback: 0 }]],
  ['pipe', [{ parameter: 0, what: 'whole', callback: 0 }]],
]);

/** Methods that register a listener; on an object that gives data, the listener gets it. */
export const LISTENS: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addListener', 'prependListener', 'addEventListener', 'subscribe', 'listen'],
]);

/** What a callback's return becomes in the result of the method it was given to. */
export const RESULT_OF_CALLBACK: ReadonlyMap<string, 'element' | 'whole'> = new Map<
  string,
  'element' | 'whole'
>([
  ['map', 'element'],
  ['flatMap', 'element'],
  ['from', 'element'],
  ['then', 'whole'],
  ['catch', 'whole'],
  ['finally', 'whole'],
  ['reduce', 'whole'],
  ['reduceRight', 'whole'],
  ['replace', 'whole'],
  ['replaceAll', 'whole'],
]);

/** Functions outside the product that are taken to carry their argument, by the shape of their name. */
const SERIALISER =
  /^(?:to|as|en|de)?_?(?:json|string|text|base64|hex|buffer|url|uri|query|xml|yaml|csv|bytes|utf8)$/i;
const SHAPES =
  /stringify|serial|encod|decod|format|escape|clone|flatten|compress|encrypt|cipher|sanitiz/i;

export function carriesByName(name: string): boolean {
  return SERIALISER.test(name) || SHAPES.test(name);
}

/** The transform that a name's shape tells of; undefined where it tells none. */
export function transformByName(name: string): string | undefined {
  if (/json|stringify/i.test(name)) return 'json';
  if (/base64|btoa/i.test(name)) return 'base64';
  if (/hex/i.test(name)) return 'hex';
  if (/encrypt|cipher/i.test(name)) return 'encrypt';
  if (/compress|gzip|deflate/i.test(name)) return 'compress';
  if (/encod|serial|escape/i.test(name)) return 'encode';
  return undefined;
}
