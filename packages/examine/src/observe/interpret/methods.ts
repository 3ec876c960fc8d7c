import { patternFault } from '../../rules/pattern.ts';
import { textIn } from '../fold/encodings.ts';
import { callList } from './list-methods.ts';
import type { Machine } from './machine.ts';
import { memberOf } from './members.ts';
import { isOpenValue, runNumber } from './operators.ts';
import {
  BytesThing,
  FunctionThing,
  joinedItems,
  ListThing,
  MAX_RUN_TEXT,
  NativeThing,
  PatternThing,
  type Run,
  runText,
  Stuck,
  Thing,
  UNKNOWN,
} from './values.ts';

/** Calls a method of a value. */
export function callMethod(machine: Machine, object: Run, key: string, args: readonly Run[]): Run {
  if (typeof object === 'string') return callText(machine, object, key, args);
  if (typeof object === 'number') return callNumber(object, key, args);
  if (object instanceof ListThing) {
    const known = callList(machine, object, key, args);
    if (known !== undefined) return known.value;
  }
  if (object instanceof BytesThing) return callBytes(object, key, args);
  if (object instanceof PatternThing) return callPattern(machine, object, key, args);
  if (object instanceof FunctionThing) {
    const known = callFunction(machine, object, key, args);
    if (known !== undefined) return known.value;
  }
  if (object instanceof Thing && !(object instanceof NativeThing)) {
    if (key === 'hasOwnProperty' && !object.isOpen) {
      const name = runText(args[0]);
      return typeof name === 'string' ? object.members.has(name) : UNKNOWN;
    }
  }
  return machine.call(memberOf(object, key), object, args);
}

function callNumber(number: number, key: string, args: readonly Run[]): Run {
  if (key !== 'toString') return UNKNOWN;
  const radix = args.length === 0 ? 10 : runNumber(args[0]);
  return radix !== undefined && radix >= 2 && radix <= 36 ? number.toString(radix) : UNKNOWN;
}

/** Methods of functions; undefined for one that it has itself. */
function callFunction(
  machine: Machine,
  fn: FunctionThing,
  key: string,
  args: readonly Run[],
): { readonly value: Run } | undefined {
  const [self, ...rest] = args;
  switch (key) {
    case 'call':
      return { value: machine.call(fn, self, rest) };
    case 'apply': {
      const list = args[1];
      if (list !== undefined && !(list instanceof ListThing)) throw new Stuck();
      return { value: machine.call(fn, self, list === undefined ? [] : list.items) };
    }
    case 'bind':
      return { value: new FunctionThing(fn.node, fn.frame, fn.self, { self, args: rest }) };
    case 'toString':
      return { value: machine.sourceOf(fn.node) };
    default:
      return undefined;
  }
}

function callBytes({ bytes }: BytesThing, key: string, args: readonly Run[]): Run {
  if (key !== 'toString') return UNKNOWN;
  const encoding = args.length === 0 ? 'utf8' : args[0];
  return typeof encoding === 'string' ? (textIn(encoding, bytes) ?? UNKNOWN) : UNKNOWN;
}

/** A script that asks whether its own text is as it was made is told that it is. */
function callPattern(
  machine: Machine,
  { pattern, flags }: PatternThing,
  key: string,
  args: readonly Run[],
): Run {
  const text = args[0];
  if (key !== 'test' || typeof text !== 'string') return UNKNOWN;
  if (machine.isSource(text)) return true;
  const regexp = regexpOf(pattern, flags);
  return regexp === undefined ? UNKNOWN : regexp.test(text);
}

/** Only patterns that are surely linear: the script is hostile, and so is its text. */
function regexpOf(pattern: string, flags: string): RegExp | undefined {
  if (pattern.length > 200 || patternFault(pattern) !== undefined) return undefined;
  if (!/^[gimsu]{0,5}$/.test(flags)) return undefined;
  try {
    return new RegExp(pattern, flags);
  } catch {
    // Not a pattern under these flags: what the script gets of it is not known.
    return undefined;
  }
}

/** Methods of texts (ECMA-262, 22.1.3) that decoders use. */
function callText(machine: Machine, text: string, key: string, args: readonly Run[]): Run {
  if (args.some(isOpenValue)) return UNKNOWN;
  const [first, second] = args;
  const from = first === undefined ? undefined : runNumber(first);
  const to = second === undefined ? undefined : runNumber(second);
  switch (key) {
    case 'charAt':
      return text.charAt(from ?? 0);
    case 'charCodeAt':
      return text.charCodeAt(from ?? 0);
    case 'codePointAt':
      return text.codePointAt(from ?? 0);
    case 'at':
      return text.at(from ?? 0);
    case 'indexOf':
      return text.indexOf(String(runText(first)), to);
    case 'lastIndexOf':
      return text.lastIndexOf(String(runText(first)));
    case 'includes':
      return text.includes(String(runText(first)));
    case 'startsWith':
      return text.startsWith(String(runText(first)), to);
    case 'endsWith':
      return text.endsWith(String(runText(first)));
    case 'slice':
      return text.slice(from, to);
    case 'substring':
      return text.substring(from ?? 0, to);
    case 'substr':
      return text.substr(from ?? 0, to);
    case 'toString':
    case 'valueOf':
      return text;
    case 'toLowerCase':
      return text.toLowerCase();
    case 'toUpperCase':
      return text.toUpperCase();
    case 'trim':
      return text.trim();
    case 'padStart':
    case 'padEnd': {
      if (from === undefined || from > MAX_RUN_TEXT) throw new Stuck();
      const fill = second === undefined ? ' ' : String(runText(second));
      return key === 'padStart' ? text.padStart(from, fill) : text.padEnd(from, fill);
    }
    case 'repeat':
      if (from === undefined || !(from >= 0) || from * text.length > MAX_RUN_TEXT)
        throw new Stuck();
      return text.repeat(from);
    case 'concat':
      return joinedItems([text, ...args], '');
    case 'split':
      return split(text, first);
    case 'replace':
    case 'replaceAll':
      return replaced(machine, text, key, first, second);
    default:
      return UNKNOWN;
  }
}

function split(text: string, separator: Run): Run {
  if (separator === undefined) return new ListThing([text]);
  if (typeof separator === 'string') return new ListThing(text.split(separator));
  if (!(separator instanceof PatternThing)) return UNKNOWN;
  const regexp = regexpOf(separator.pattern, separator.flags);
  return regexp === undefined ? UNKNOWN : new ListThing(text.split(regexp));
}

function replaced(machine: Machine, text: string, key: string, from: Run, to: Run): Run {
  const regexp = from instanceof PatternThing ? regexpOf(from.pattern, from.flags) : undefined;
  const wanted = typeof from === 'string' ? from : regexp;
  if (wanted === undefined) return UNKNOWN;
  const isGlobal = typeof wanted === 'string' ? key === 'replaceAll' : wanted.global;
  if (to instanceof FunctionThing) {
    const make = (...found: unknown[]) => {
      const made = runText(
        machine.call(to, undefined, found.filter((each) => typeof each !== 'object') as Run[]),
      );
      if (typeof made !== 'string') throw new Stuck();
      return made;
    };
    return isGlobal ? text.replaceAll(wanted, make) : text.replace(wanted, make);
  }
  if (typeof to !== 'string' || to.length * text.length > MAX_RUN_TEXT) return UNKNOWN;
  return isGlobal ? text.replaceAll(wanted, to) : text.replace(wanted, to);
}
