import { Columns } from '../columns.ts';
import { type Kind, Role } from '../kinds.ts';
import { Names } from '../names.ts';
import type { ScriptTree } from '../tree.ts';
import { Use } from '../use.ts';

/** A node of an ESTree; what else it has is for its handler to know. */
export interface EsNode {
  readonly type: string;
  /** UTF-16 code units from 0. */
  readonly start: number;
  readonly end: number;
}

/** Adds a node and asks for its children; runs once for each ESTree node of its type. */
export type Handler = (walk: EstreeWalk, node: never) => void;

/**
 * Turns an ESTree into columns with a stack of its own, so that a tree of any
 * depth that a parser survived is survived here as well.
 */
export class EstreeWalk {
  readonly text: string;
  /** Use of the node that a handler is given. */
  use: Use = Use.Read;
  #role: Role = Role.Root;
  #parent = -1;
  #at = -1;
  readonly #columns = new Columns();
  readonly #names = new Names();
  readonly #nodes: EsNode[] = [];
  readonly #roles: number[] = [];
  readonly #parents: number[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Refuses nothing: an unknown type is a fault of ours and throws. */
  run(
    program: EsNode,
    goal: ScriptTree['goal'],
    handlers: ReadonlyMap<string, Handler>,
  ): ScriptTree {
    const nodes = this.#nodes;
    this.child(program, Role.Root);
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      const roleAndUse = this.#roles.pop()!;
      this.#role = (roleAndUse >> 2) as Role;
      this.use = (roleAndUse & 3) as Use;
      this.#at = this.#parent = this.#parents.pop()!;
      const handler = handlers.get(node.type);
      if (handler === undefined) throw new Error(`no handler for ${node.type}`);
      const mark = nodes.length;
      handler(this, node as never);
      this.#reverse(mark);
    }
    return this.#columns.take(this.text, goal, this.#names.list);
  }

  /** Adds a node of the tree; the children asked for afterwards are its own. */
  open(place: Pick<EsNode, 'start' | 'end'>, kind: Kind, name = -1, flags = 0): void {
    this.#at = this.#columns.add(
      kind,
      this.#role,
      flags,
      this.#parent,
      place.start,
      place.end,
      name,
    );
  }

  /** Puts another ESTree node in this one's place: same parent, role and use. */
  instead(node: EsNode): void {
    this.child(node, this.#role, this.use);
  }

  /** Asks for a child; to be called in the order of the text. */
  child(node: EsNode | null | undefined, role: Role, use: Use = Use.Read): void {
    if (node === null || node === undefined) return;
    this.#nodes.push(node);
    this.#roles.push((role << 2) | use);
    this.#parents.push(this.#at);
  }

  children(nodes: readonly (EsNode | null)[] | null | undefined, role: Role, use?: Use): void {
    if (nodes === null || nodes === undefined) return;
    for (const node of nodes) this.child(node, role, use);
  }

  nameId(text: string): number {
    return this.#names.idOf(text);
  }

  /** Children were pushed in the order of the text and are popped from the end. */
  #reverse(mark: number): void {
    const nodes = this.#nodes;
    const roles = this.#roles;
    const parents = this.#parents;
    for (let low = mark, high = nodes.length - 1; low < high; low += 1, high -= 1) {
      const node = nodes[low]!;
      nodes[low] = nodes[high]!;
      nodes[high] = node;
      const role = roles[low]!;
      roles[low] = roles[high]!;
      roles[high] = role;
      const parent = parents[low]!;
      parents[low] = parents[high]!;
      parents[high] = parent;
    }
  }
}

/** Gives a handler the shape of the nodes it takes. */
export function on<Shape>(handler: (walk: EstreeWalk, node: EsNode & Shape) => void): Handler {
  return handler as Handler;
}
