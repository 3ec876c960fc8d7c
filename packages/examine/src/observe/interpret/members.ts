import {
  BytesThing,
  FunctionThing,
  ListThing,
  MAX_RUN_ITEMS,
  NativeThing,
  PartialText,
  type Run,
  Stuck,
  Thing,
  Thrown,
  UNKNOWN,
  Unknown,
} from './values.ts';

/** The member of a value (ECMA-262, 10.1.8). Throws as the language does for nothing's. */
export function memberOf(object: Run, key: string): Run {
  if (object === undefined || object === null) throw new Thrown(UNKNOWN);
  if (object instanceof Unknown || object instanceof PartialText) return UNKNOWN;
  if (typeof object === 'string') {
    if (key === 'length') return object.length;
    const index = Number(key);
    return Number.isInteger(index) ? object[index] : UNKNOWN;
  }
  if (!(object instanceof Thing)) return UNKNOWN;
  if (object instanceof ListThing || object instanceof BytesThing) {
    const items = object instanceof ListThing ? object.items : object.bytes;
    if (key === 'length') return items.length;
    const index = Number(key);
    if (Number.isInteger(index) && index >= 0) return items[index];
  }
  return memberOfThing(object, key);
}

function memberOfThing(object: Thing, key: string): Run {
  for (let at: Thing | undefined = object; at !== undefined; at = at.prototype) {
    if (at.members.has(key)) return at.members.get(key);
  }
  if (object instanceof NativeThing) return new NativeThing(`${object.name}.${key}`);
  if (object instanceof FunctionThing) {
    if (key === 'prototype') {
      const prototype = new Thing();
      object.members.set(key, prototype);
      return prototype;
    }
    if (key === 'name' || key === 'length') return UNKNOWN;
  }
  return object.isOpen ? UNKNOWN : undefined;
}

/** Gives a member a value. Others may hold an open object, whose change would be theirs too. */
export function setMember(object: Run, key: string, value: Run, isSettling: boolean): void {
  if (object === undefined || object === null) throw new Thrown(UNKNOWN);
  if (!(object instanceof Thing) || object instanceof NativeThing) throw new Stuck();
  if (object.isOpen && !isSettling) throw new Stuck();
  if (object instanceof ListThing) {
    const index = Number(key);
    if (Number.isInteger(index) && index >= 0) {
      if (index > object.items.length + 1024 || index > MAX_RUN_ITEMS) throw new Stuck();
      while (object.items.length < index) object.items.push(undefined);
      object.items[index] = value;
      return;
    }
    if (key === 'length') throw new Stuck();
  }
  if (object instanceof BytesThing) throw new Stuck();
  if (object.members.size > MAX_RUN_ITEMS) throw new Stuck();
  object.members.set(key, value);
}

/** The keys that `for…in` gives; throws `Stuck` when they are not known. */
export function keysOf(object: Run): string[] {
  if (object instanceof ListThing) return [...object.items.keys()].map(String);
  if (object instanceof Thing && !object.isOpen && !('name' in object)) {
    return [...object.members.keys()];
  }
  throw new Stuck();
}
