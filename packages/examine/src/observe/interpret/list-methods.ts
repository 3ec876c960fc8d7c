import type { Machine } from './machine.ts';
import { isOpenValue, isTrue, runNumber } from './operators.ts';
import { joinedItems, ListThing, MAX_RUN_ITEMS, type Run, Stuck, UNKNOWN } from './values.ts';

/** Methods of lists (ECMA-262, 23.1.3) that decoders use; undefined for another. */
export function callList(
  machine: Machine,
  list: ListThing,
  key: string,
  args: readonly Run[],
): { readonly value: Run } | undefined {
  const { items } = list;
  const [first] = args;
  switch (key) {
    case 'push':
      mayChange(machine, list);
      if (items.length + args.length > MAX_RUN_ITEMS) throw new Stuck();
      items.push(...args);
      return { value: items.length };
    case 'shift':
      mayChange(machine, list);
      return { value: items.shift() };
    case 'pop':
      mayChange(machine, list);
      return { value: items.pop() };
    case 'unshift':
      mayChange(machine, list);
      if (items.length + args.length > MAX_RUN_ITEMS) throw new Stuck();
      items.unshift(...args);
      return { value: items.length };
    case 'reverse':
      mayChange(machine, list);
      items.reverse();
      return { value: list };
    case 'splice':
      mayChange(machine, list);
      return { value: spliced(items, args) };
    case 'slice': {
      const [from, to] = args.map(runNumber);
      if (args.some(isOpenValue)) throw new Stuck();
      return { value: new ListThing(items.slice(from, to)) };
    }
    case 'concat': {
      const all = [items, ...args.map((each) => (each instanceof ListThing ? each.items : [each]))];
      return { value: new ListThing(all.flat()) };
    }
    case 'join': {
      const separator = first === undefined ? ',' : first;
      return { value: typeof separator === 'string' ? joinedItems(items, separator) : UNKNOWN };
    }
    case 'indexOf':
    case 'includes': {
      if ([first, ...items].some(isOpenValue)) return { value: UNKNOWN };
      return { value: key === 'indexOf' ? items.indexOf(first) : items.includes(first) };
    }
    case 'at':
      return { value: items.at(runNumber(first) ?? 0) };
    default:
      return withCallback(machine, items, key, args);
  }
}

/** A list that others hold is theirs too. */
function mayChange(machine: Machine, list: ListThing): void {
  if (list.isOpen && !machine.isSettling) throw new Stuck();
}

function spliced(items: Run[], args: readonly Run[]): Run {
  const [from, count] = args.map(runNumber);
  if (from === undefined || (args.length > 1 && count === undefined)) throw new Stuck();
  const added = args.slice(2);
  return new ListThing(args.length > 1 ? items.splice(from, count!, ...added) : items.splice(from));
}

function withCallback(
  machine: Machine,
  items: readonly Run[],
  key: string,
  args: readonly Run[],
): { readonly value: Run } | undefined {
  const [callback] = args;
  const of = (item: Run, index: number) => machine.call(callback, undefined, [item, index]);
  switch (key) {
    case 'map':
      return { value: new ListThing(items.map(of)) };
    case 'forEach':
      items.forEach(of);
      return { value: undefined };
    case 'filter':
      return { value: new ListThing(items.filter((item, index) => isTrue(of(item, index)))) };
    case 'some':
      return { value: items.some((item, index) => isTrue(of(item, index))) };
    case 'every':
      return { value: items.every((item, index) => isTrue(of(item, index))) };
    case 'find':
      return { value: items.find((item, index) => isTrue(of(item, index))) };
    case 'reduce': {
      const rest = args.length > 1 ? items : items.slice(1);
      let sum: Run = args.length > 1 ? args[1] : items[0];
      for (const [index, item] of rest.entries())
        sum = machine.call(callback, undefined, [sum, item, index]);
      return { value: sum };
    }
    default:
      return undefined;
  }
}
