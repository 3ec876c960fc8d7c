import { EITHER, HOLE, hasHole, isList, NOTHING, type Value } from '../fold/value.ts';
import type { Frame } from './frame.ts';

/** Characters of one text, items of one list: a decoder's are far fewer. */
export const MAX_RUN_TEXT = 1 << 20;
export const MAX_RUN_ITEMS = 1 << 15;

/** What cannot be told before the program runs. */
export class Unknown {
  readonly isUnknown = true;
}
export const UNKNOWN = new Unknown();

/** A text with holes: it can be added to, and nothing else. */
export class PartialText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An object; `isOpen` where others may have added to it, so that what is not there is not known. */
export class Thing {
  readonly members = new Map<string, Run>();
  readonly isOpen: boolean;
  prototype: Thing | undefined;

  constructor(isOpen = false, prototype?: Thing) {
    this.isOpen = isOpen;
    this.prototype = prototype;
  }
}

export class ListThing extends Thing {
  readonly items: Run[];
  constructor(items: Run[], isOpen = false) {
    super(isOpen);
    this.items = items;
  }
}

/** A function of the script; `self` is `this` of an arrow. */
export class FunctionThing extends Thing {
  readonly node: number;
  readonly frame: Frame | undefined;
  readonly self: Run;
  /** What `bind` gave it: its `this` and first arguments. */
  readonly bound: { readonly self: Run; readonly args: readonly Run[] } | undefined;

  constructor(node: number, frame: Frame | undefined, self: Run, bound?: FunctionThing['bound']) {
    super();
    this.node = node;
    this.frame = frame;
    this.self = self;
    this.bound = bound;
  }
}

/** Something of the language, by its name: `String.fromCharCode`. */
export class NativeThing extends Thing {
  readonly name: string;
  constructor(name: string) {
    super(true);
    this.name = name;
  }
}

export class BytesThing extends Thing {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    super(true);
    this.bytes = bytes;
  }
}

export class PatternThing extends Thing {
  readonly pattern: string;
  readonly flags: string;
  constructor(pattern: string, flags: string) {
    super();
    this.pattern = pattern;
    this.flags = flags;
  }
}

/** What an expression gives while it is worked out. */
export type Run = string | number | boolean | null | undefined | Unknown | PartialText | Thing;

/** Working out cannot go on: more would have to be known, or it took too long. No `catch` of the script sees it. */
export class Stuck extends Error {}

/** The script itself throws; its `catch` sees it. */
export class Thrown extends Error {
  readonly value: Run;
  constructor(value: Run) {
    super('thrown by the script');
    this.value = value;
  }
}

/** What folding knows, to work with. */
export function runOf(value: Value | undefined): Run {
  if (value === undefined) return UNKNOWN;
  if (value === NOTHING) return undefined;
  if (typeof value === 'string') {
    if (value.includes(EITHER)) return UNKNOWN;
    return hasHole(value) ? new PartialText(value) : value;
  }
  // An empty list is filled elsewhere.
  if (isList(value)) return value.length === 0 ? UNKNOWN : new ListThing(value.map(runOf), true);
  return value as number | boolean | null;
}

/** What was worked out, as folding has it. */
export function valueOfRun(run: Run, depth = 0): Value | undefined {
  if (run === undefined) return NOTHING;
  if (run instanceof PartialText) return run.text;
  if (run instanceof ListThing)
    return depth > 4 ? undefined : run.items.map((item) => valueOfRun(item, depth + 1));
  if (run === null || typeof run !== 'object') return run;
  return undefined;
}

/** As `String()` gives it, `…` for what is not known; undefined where an object would be asked. */
export function runText(run: Run): string | PartialText | Unknown {
  if (typeof run === 'string') return run;
  if (run instanceof PartialText || run instanceof Unknown) return run;
  if (run === null || typeof run !== 'object') return String(run);
  if (run instanceof ListThing) return joinedItems(run.items, ',');
  return UNKNOWN;
}

export function joinedItems(
  items: readonly Run[],
  separator: string,
): string | PartialText | Unknown {
  let text: Run = '';
  for (const [index, item] of items.entries()) {
    const piece = item === null || item === undefined ? '' : runText(item);
    text = added(index === 0 ? text : added(text, separator), piece);
  }
  return text as string | PartialText | Unknown;
}

/** Two texts after each other; what is not known is a hole. */
export function added(left: Run, right: Run): string | PartialText | Unknown {
  const before = runText(left);
  const after = runText(right);
  if (typeof before === 'string' && typeof after === 'string') {
    if (before.length + after.length > MAX_RUN_TEXT) throw new Stuck();
    return before + after;
  }
  const text = holed(before) + holed(after);
  if (text.length > MAX_RUN_TEXT) throw new Stuck();
  return text === HOLE ? UNKNOWN : new PartialText(text.replaceAll('……', HOLE));
}

function holed(piece: string | PartialText | Unknown): string {
  if (typeof piece === 'string') return piece;
  return piece instanceof PartialText ? piece.text : HOLE;
}
