import { bytesIn, bytesOfBase64, latin1Of, textIn } from '../fold/encodings.ts';
import { isOpenValue, isTrue, runNumber } from './operators.ts';
import {
  BytesThing,
  FunctionThing,
  ListThing,
  MAX_RUN_ITEMS,
  type Run,
  runText,
  Thing,
  Thrown,
  UNKNOWN,
} from './values.ts';

/** Globals that are known here; any other is not known. */
export const NATIVE_GLOBALS: ReadonlySet<string> = new Set([
  ...['Array', 'Boolean', 'Buffer', 'Math', 'Number', 'Object', 'RegExp', 'String', 'Uint8Array'],
  ...['atob', 'btoa', 'decodeURI', 'decodeURIComponent', 'encodeURIComponent', 'escape'],
  ...['globalThis', 'isNaN', 'parseFloat', 'parseInt', 'unescape', 'window'],
]);

const MATH: Readonly<Record<string, (...numbers: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  imul: Math.imul,
  max: Math.max,
  min: Math.min,
  pow: (base = Number.NaN, exponent = Number.NaN) => base ** exponent,
  round: Math.round,
  sign: Math.sign,
  trunc: Math.trunc,
};

/** What a function of the language gives; not known where it is not listed, or its arguments are not. */
export function callNative(written: string, args: readonly Run[]): Run {
  const name = written.replace(/^(globalThis|window)\./, '');
  if (args.some(isOpenValue)) return UNKNOWN;
  const [first, second] = args;
  if (name.startsWith('Math.')) return mathOf(name.slice('Math.'.length), args);
  switch (name) {
    case 'parseInt':
    case 'Number.parseInt':
      return Number.parseInt(String(runText(first)), runNumber(second));
    case 'parseFloat':
    case 'Number.parseFloat':
      return Number.parseFloat(String(runText(first)));
    case 'Number':
      return args.length === 0 ? 0 : (runNumber(first) ?? UNKNOWN);
    case 'String':
      return args.length === 0 ? '' : runText(first);
    case 'Boolean':
      return isTrue(first);
    case 'isNaN':
      return Number.isNaN(runNumber(first) ?? 0);
    case 'Array.isArray':
      return first instanceof ListThing;
    case 'Array.from':
      return listOf(first);
    case 'Object.keys':
      return first instanceof Thing && !first.isOpen
        ? new ListThing([...first.members.keys()])
        : UNKNOWN;
    case 'String.fromCharCode':
    case 'String.fromCodePoint':
      return textOfCodes(args);
    case 'decodeURIComponent':
    case 'decodeURI':
      return decoded(String(runText(first)));
    case 'encodeURIComponent':
      return encoded(String(runText(first)));
    case 'unescape':
      return unescapedText(String(runText(first)));
    case 'atob':
      return latin1Of(bytesOfBase64(String(runText(first))));
    case 'btoa':
      return (
        textIn('base64', bytesIn('latin1', String(runText(first))) ?? new Uint8Array()) ?? UNKNOWN
      );
    case 'Buffer.from':
    case 'Buffer':
      return bytesFrom(first, second);
    default:
      return UNKNOWN;
  }
}

function mathOf(name: string, args: readonly Run[]): Run {
  const calculate = Object.hasOwn(MATH, name) ? MATH[name] : undefined;
  return calculate === undefined ? UNKNOWN : calculate(...args.map((arg) => runNumber(arg) ?? 0));
}

function listOf(run: Run): Run {
  if (typeof run === 'string') return new ListThing([...run]);
  if (run instanceof ListThing) return new ListThing([...run.items]);
  if (run instanceof BytesThing) return new ListThing([...run.bytes]);
  return UNKNOWN;
}

function textOfCodes(args: readonly Run[]): Run {
  let text = '';
  for (const arg of args) {
    const code = runNumber(arg);
    if (code === undefined) return UNKNOWN;
    text += String.fromCharCode(code);
  }
  return text;
}

function decoded(text: string): Run {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Thrown(UNKNOWN);
  }
}

function encoded(text: string): Run {
  if (!text.isWellFormed()) throw new Thrown(UNKNOWN);
  return encodeURIComponent(text);
}

/** ECMA-262, B.2.1.2. */
function unescapedText(text: string): string {
  return text.replaceAll(
    /%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})/g,
    (_, wide?: string, byte?: string) => String.fromCharCode(Number.parseInt(wide ?? byte!, 16)),
  );
}

function bytesFrom(data: Run, encoding: Run): Run {
  if (data instanceof ListThing) {
    const codes = data.items.map(runNumber);
    return codes.includes(undefined) ? UNKNOWN : new BytesThing(Uint8Array.from(codes as number[]));
  }
  if (data instanceof BytesThing) return data;
  const name = encoding === undefined ? 'utf8' : encoding;
  if (typeof data !== 'string' || typeof name !== 'string') return UNKNOWN;
  const bytes = bytesIn(name, data);
  return bytes === undefined ? UNKNOWN : new BytesThing(bytes);
}

/** What `new` of something of the language gives. */
export function constructNative(name: string, args: readonly Run[]): Run {
  const [first] = args;
  if (name === 'Array') {
    if (args.length !== 1 || typeof first !== 'number') return new ListThing([...args]);
    const isSmall = Number.isInteger(first) && first >= 0 && first <= MAX_RUN_ITEMS;
    return isSmall ? new ListThing(new Array<Run>(first).fill(undefined)) : UNKNOWN;
  }
  if (name === 'Object') return new Thing();
  if (name === 'Uint8Array')
    return first instanceof ListThing ? bytesFrom(first, undefined) : UNKNOWN;
  if (name === 'String' || name === 'Number' || name === 'Buffer') return callNative(name, args);
  return UNKNOWN;
}

/** Whether what is called and not known might change one of these. */
export function mayBeChanged(args: readonly Run[]): boolean {
  return args.some((arg) => arg instanceof Thing && !(arg instanceof FunctionThing));
}
