import { child, children, isFunction, Kind, Role } from '@avow/formats/script';
import { MAX_TEXT } from '../budget.ts';
import { bytesIn, bytesOfBase64, latin1Of, textIn } from './encodings.ts';
import type { Folder } from './fold.ts';
import { numberOf } from './operators.ts';
import { originOf } from './origin.ts';
import { joinedPath, resolvedPath, resolvedUrl } from './paths.ts';
import { returnedBy } from './returned.ts';
import { callOfList, callOfText } from './text-methods.ts';
import { EITHER, forEach, HOLE, hasHole, isList, textOfValue, type Value } from './value.ts';

/** What a call or construction is known to give. */
export function foldCall(folder: Folder, node: number): Value | undefined {
  const { script } = folder;
  const { tree } = script;
  const callee = child(tree, node, Role.Callee);
  const args = children(tree, node, Role.Argument);
  const origin = originOf(script, callee);
  if (origin !== undefined) {
    const value = callOfOrigin(folder, origin, args);
    if (value !== undefined) return value;
  }
  if (tree.kind[callee] === Kind.Member) {
    const value = callOfMember(folder, callee, args);
    if (value !== undefined) return value;
  }
  const fn = folder.functionAt(callee);
  return fn < 0 ? undefined : (callOfConstant(folder, fn) ?? callOfFunction(folder, fn, args));
}

/** What a pure function of the script gives for constants: a decoder of texts, a maker of URLs. */
function callOfFunction(folder: Folder, fn: number, args: readonly number[]): Value | undefined {
  const values = args.map((arg) => folder.value(arg));
  const isTold = values.some((value) => value !== undefined) || values.length === 0;
  return isTold ? folder.interpreter.resultOf(fn, values) : undefined;
}

function callOfMember(folder: Folder, callee: number, args: readonly number[]): Value | undefined {
  const { tree } = folder.script;
  const method = folder.key(callee);
  const object = child(tree, callee, Role.Object);
  if (method === undefined) return undefined;
  if (method === 'toString' && tree.kind[object] === Kind.Call) {
    const decoded = decodedBuffer(folder, object, args);
    if (decoded !== undefined) return decoded;
  }
  const value = folder.value(object);
  if (value === undefined) return undefined;
  const last = args.at(-1);
  if (method === 'map' && isList(value) && last !== undefined && isStringMaker(folder, last)) {
    return value.map((item) => charOf(item));
  }
  const values = args.map((arg) => folder.value(arg));
  if (isList(value)) return callOfList(value, method, values);
  if (typeof value === 'string') return callOfText(value, method, values);
  if (typeof value === 'number' && method === 'toString') {
    const radix = values.length === 0 ? 10 : numberOf(values[0]);
    return radix !== undefined && radix >= 2 && radix <= 36 ? value.toString(radix) : undefined;
  }
  return undefined;
}

/** `Buffer.from(text, encoding).toString(encoding)`, also of a list of codes. */
function decodedBuffer(folder: Folder, made: number, args: readonly number[]): Value | undefined {
  const { script } = folder;
  const origin = originOf(script, child(script.tree, made, Role.Callee));
  if (origin !== 'Buffer.from' && origin !== 'Buffer' && origin !== 'buffer.Buffer.from')
    return undefined;
  const [data, encoding] = children(script.tree, made, Role.Argument);
  if (data === undefined) return undefined;
  const value = folder.value(data);
  const from = encoding === undefined ? 'utf8' : folder.text(encoding);
  const to = args.length === 0 ? 'utf8' : folder.text(args[0]!);
  if (from === undefined || to === undefined) return undefined;
  if (isList(value)) {
    const codes = value.map(numberOf);
    return codes.includes(undefined) ? undefined : textIn(to, Uint8Array.from(codes as number[]));
  }
  if (typeof value !== 'string' || hasHole(value)) return undefined;
  const bytes = bytesIn(from, value);
  return bytes === undefined ? undefined : textIn(to, bytes);
}

function callOfOrigin(folder: Folder, origin: string, args: readonly number[]): Value | undefined {
  const first = args[0];
  switch (origin) {
    case 'atob':
    case 'buffer.atob': {
      const text = first === undefined ? undefined : folder.value(first);
      return typeof text === 'string' && !hasHole(text) && text.length <= MAX_TEXT
        ? latin1Of(bytesOfBase64(text))
        : undefined;
    }
    case 'String.fromCharCode':
    case 'String.fromCodePoint':
      return textOfCodes(folder, args);
    case 'String':
      return first === undefined ? '' : textOfValue(folder.value(first));
    case 'Number':
    case 'parseInt':
    case 'Number.parseInt':
    case 'parseFloat':
      return numberCall(folder, origin, args);
    case 'decodeURIComponent':
    case 'decodeURI':
    case 'unescape':
      return decodedUri(folder, first);
    case 'encodeURIComponent':
    case 'encodeURI': {
      const text = first === undefined ? undefined : folder.text(first);
      return text === undefined || hasHole(text) || !text.isWellFormed()
        ? undefined
        : encodeURIComponent(text);
    }
    case 'path.join':
    case 'path.posix.join':
    case 'path.win32.join':
      return forEach(pieces(folder, args), joinedPath);
    case 'path.resolve':
    case 'path.posix.resolve':
    case 'path.win32.resolve':
      return forEach(pieces(folder, args), resolvedPath);
    case 'path.normalize':
      return first === undefined ? undefined : forEach(pieces(folder, [first]), joinedPath);
    case 'path.dirname':
    case 'path.posix.dirname': {
      const text = first === undefined ? undefined : folder.text(first);
      return text?.includes('/') && !text.includes(EITHER)
        ? text.slice(0, text.lastIndexOf('/'))
        : undefined;
    }
    case 'URL.createObjectURL':
      return `blob:${HOLE}`;
    case 'os.homedir':
      return '~';
    case 'os.tmpdir':
      return '/tmp';
    case 'process.cwd':
      return '.';
    case 'URL':
    case 'url.URL':
    case 'url.parse': {
      const text = first === undefined ? undefined : folder.text(first);
      const base =
        origin !== 'url.parse' && args[1] !== undefined ? folder.text(args[1]) : undefined;
      return text === undefined
        ? base === undefined
          ? undefined
          : base + HOLE
        : base === undefined
          ? text
          : forEach([text, base], ([url, from]) => resolvedUrl(url!, from));
    }
    case 'url.resolve': {
      const [base, text] = args.map((arg) => folder.text(arg));
      return text === undefined || base === undefined
        ? text
        : forEach([text, base], ([url, from]) => resolvedUrl(url!, from));
    }
    case 'url.fileURLToPath':
    case 'url.pathToFileURL':
      return first === undefined ? undefined : folder.text(first);
    default:
      return undefined;
  }
}

function pieces(folder: Folder, args: readonly number[]): string[] {
  return args.map((arg) => folder.text(arg) ?? HOLE);
}

function textOfCodes(folder: Folder, args: readonly number[]): string | undefined {
  const { tree } = folder.script;
  let text = '';
  for (const arg of args) {
    const isSpread = tree.kind[arg] === Kind.Spread;
    const value = folder.value(isSpread ? arg + 1 : arg);
    for (const item of isSpread && isList(value) ? value : [value]) {
      const char = charOf(item);
      if (char === undefined) return undefined;
      text += char;
    }
  }
  return text;
}

function charOf(value: Value | undefined): string | undefined {
  const code = numberOf(value);
  if (code === undefined || !Number.isInteger(code) || code < 0 || code > 0x10ffff)
    return undefined;
  return String.fromCodePoint(code);
}

/** A callback that makes a character of its code: `String.fromCharCode`, `c => String.fromCharCode(c)`. */
function isStringMaker(folder: Folder, node: number): boolean {
  const { script } = folder;
  const { tree } = script;
  if (/^String\.from/.test(originOf(script, node) ?? '')) return true;
  if (!isFunction(tree, node)) return false;
  const body = returnedBy(folder.script.tree, node);
  if (body < 0 || tree.kind[body] !== Kind.Call) return false;
  const argument = child(tree, body, Role.Argument);
  return (
    argument >= 0 &&
    tree.kind[argument] === Kind.Identifier &&
    /^String\.from/.test(originOf(script, body + 1) ?? '')
  );
}

function numberCall(folder: Folder, origin: string, args: readonly number[]): number | undefined {
  const value = args[0] === undefined ? undefined : folder.value(args[0]);
  if (value === undefined) return undefined;
  if (origin === 'Number') return numberOf(value);
  const text = textOfValue(value);
  if (text === undefined || hasHole(text)) return undefined;
  if (origin === 'parseFloat') return Number.parseFloat(text);
  return Number.parseInt(text, args[1] === undefined ? undefined : folder.number(args[1]));
}

function decodedUri(folder: Folder, node: number | undefined): string | undefined {
  const text = node === undefined ? undefined : folder.value(node);
  if (typeof text !== 'string' || hasHole(text) || text.length > MAX_TEXT) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // Malformed: the program would throw here as well.
    return undefined;
  }
}

/** A function without parameters that returns a constant. */
function callOfConstant(folder: Folder, fn: number): Value | undefined {
  const { tree } = folder.script;
  if (child(tree, fn, Role.Param) >= 0) return undefined;
  const returned = returnedBy(folder.script.tree, fn);
  return returned < 0 ? undefined : folder.value(returned);
}
