import { child, children, Kind, nameOf, Role } from '@avow/formats/script';
import { firstValue } from './made.ts';
import type { Unit } from './program.ts';

/** What an argument of a call is to the function that is called in the end. */
export interface Callee {
  /** The expression that denotes the function. */
  readonly node: number;
  /** `list`: an array, whose elements are the arguments. */
  readonly as: 'parameter' | 'this' | 'list';
  readonly position: number;
}

/**
 * Sees through `f.call(self, a)`, `f.apply(self, list)`, `f.bind(self, a)`,
 * `Reflect.apply(f, self, list)`, and through a name that holds `f.bind(…)`.
 */
export function calleeOf(unit: Unit, call: number, position: number): Callee {
  const { tree } = unit;
  const callee = call + 1;
  const plain: Callee = { node: callee, as: 'parameter', position };
  if (tree.kind[call] === Kind.New) return plain;
  if (tree.kind[callee] === Kind.Identifier) {
    const made = firstValue(unit, callee);
    if (made < 0 || !bindCall(unit, made)) return plain;
    const bound = children(tree, made, Role.Argument).length - 1;
    return { node: callee, as: 'parameter', position: position + Math.max(0, bound) };
  }
  if (tree.kind[callee] !== Kind.Member) return plain;
  const object = callee + 1;
  switch (nameOf(tree, callee)) {
    case 'call':
    case 'bind':
      return { node: object, as: position === 0 ? 'this' : 'parameter', position: position - 1 };
    case 'apply':
      return nameOf(tree, object) === 'Reflect'
        ? reflected(unit, call, position)
        : applied(object, position);
    default:
      return plain;
  }
}

function applied(object: number, position: number): Callee {
  return { node: object, as: position === 0 ? 'this' : 'list', position };
}

function reflected({ tree }: Unit, call: number, position: number): Callee {
  const node = child(tree, call, Role.Argument);
  return { node, as: position === 2 ? 'list' : 'this', position };
}

/** Whether a node is `f.bind(…)`. */
export function bindCall({ tree }: Unit, node: number): boolean {
  return (
    tree.kind[node] === Kind.Call &&
    tree.kind[node + 1] === Kind.Member &&
    nameOf(tree, node + 1) === 'bind'
  );
}
